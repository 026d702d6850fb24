using System.CommandLine;
using DeltaTune.Host.CommandLine;
using DeltaTune.Host.Plugins;
using Newtonsoft.Json.Linq;

namespace DeltaTune.Host.Commands;

/// <summary>Shows which plugins were loaded and which were skipped, and why.</summary>
internal sealed class PluginsCommand : ICliCommand
{
    /// <inheritdoc/>
    public Command Define(CommandContext context)
    {
        var json = new Option<bool>("--json") { Description = "Write JSON." };
        var list = new CommandWithExamples("list", "List the plugins found: version, components, folder, and what was skipped and why.", "plugins list", "plugins list --json --plugins my-plugins") { json };
        list.SetAction(result =>
        {
            if (result.GetValue(json))
            {
                WriteJson(context);
            }
            else
            {
                WriteText(context);
            }

            return ExitCode.Success;
        });
        return new CommandWithExamples("plugins", "Work with plugins.", "plugins list") { list };
    }

    // What was skipped is on the error output already: loading said so.
    private static void WriteText(CommandContext context)
    {
        IReadOnlyList<LoadedPlugin> plugins = context.Plugins.Plugins;
        if (plugins.Count == 0)
        {
            context.Error.WriteLine("no plugin was found; --plugins DIR names a folder of plugins");
        }

        TextTable.Write(context.Output, [.. plugins.Select(p => new[] { p.Name, p.Version, Count(p), p.Folder })]);
    }

    private static string Count(LoadedPlugin plugin)
        => plugin.Components.Count == 0 ? "nothing"
            : string.Join(", ", plugin.Components.GroupBy(c => c.Kind).OrderBy(g => g.Key).Select(g => $"{g.Count()} {(g.Count() == 1 ? KindNames.One(g.Key) : KindNames.Many(g.Key))}"));

    private static void WriteJson(CommandContext context) => context.WriteJson(new JObject
    {
        ["plugins"] = new JArray(context.Plugins.Plugins.Select(p => new JObject
        {
            ["name"] = p.Name, ["version"] = p.Version, ["folder"] = p.Folder,
            ["components"] = new JArray(p.Components.Select(c => new JObject { ["kind"] = KindNames.One(c.Kind), ["name"] = c.Name })),
        })),
        ["skipped"] = new JArray(context.Plugins.Faults.Select(f => new JObject { ["name"] = f.Plugin, ["problem"] = f.Message })),
    });
}
