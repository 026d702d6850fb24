using System.CommandLine;
using DeltaTune.Host.CommandLine;
using DeltaTune.Host.Options;
using DeltaTune.Host.Plugins;
using Newtonsoft.Json.Linq;

namespace DeltaTune.Host.Commands;

/// <summary>Lists the components that plugins provide. Loads no libtorch.</summary>
internal sealed class ListCommand : ICliCommand
{
    /// <inheritdoc/>
    public Command Define(CommandContext context)
    {
        var kind = new Argument<string?>("kind")
        {
            Description = $"Only one kind: {string.Join(", ", Enum.GetValues<ComponentKind>().Select(KindNames.Many))}.", Arity = ArgumentArity.ZeroOrOne, DefaultValueFactory = _ => null,
        };
        var json = new Option<bool>("--json") { Description = "Write JSON." };
        var command = new CommandWithExamples("list", "List backbones, deltas, templates, verbalizers, tasks and pretraining objectives.", "list", "list deltas", "list --json --plugins my-plugins") { kind, json };
        command.SetAction(result =>
        {
            ComponentDescriptor[] components = Choose(context, result.GetValue(kind));
            if (result.GetValue(json))
            {
                WriteJson(context, components);
            }
            else
            {
                WriteText(context, components);
            }

            return ExitCode.Success;
        });
        return command;
    }

    private static ComponentDescriptor[] Choose(CommandContext context, string? name)
    {
        if (name is null)
        {
            return [.. context.Plugins.Components];
        }

        ComponentKind kind = KindNames.Parse(name)
            ?? throw new InvalidRunException($"list '{name}'", $"names no kind of component; {NearestNames.Hint(name, Enum.GetValues<ComponentKind>().Select(KindNames.Many))}");
        return [.. context.Plugins.Components.Where(c => c.Kind == kind)];
    }

    private static void WriteText(CommandContext context, ComponentDescriptor[] components)
    {
        if (components.Length == 0)
        {
            context.Error.WriteLine(context.Plugins.Plugins.Count == 0 ? "no plugin was found; --plugins DIR names a folder of plugins" : "there are none");
            return;
        }

        int width = components.Max(c => c.Name.Length);
        int summaryWidth = components.Max(c => c.Summary.Length);
        foreach (IGrouping<ComponentKind, ComponentDescriptor> group in components.GroupBy(c => c.Kind))
        {
            context.Output.WriteLine(KindNames.Many(group.Key));
            TextTable.Write(context.Output, [.. group.Select(c => new[] { c.Name.PadRight(width), c.Summary.PadRight(summaryWidth), c.Paper })], indent: 2);
        }
    }

    private static void WriteJson(CommandContext context, ComponentDescriptor[] components)
        => context.WriteJson(new JArray(components.Select(c => new JObject
        {
            ["kind"] = KindNames.One(c.Kind), ["name"] = c.Name, ["summary"] = c.Summary, ["paper"] = c.Paper, ["plugin"] = c.Plugin,
        })));
}
