using System.CommandLine;
using DeltaTune.Host.CommandLine;
using DeltaTune.Host.Options;
using DeltaTune.Host.Plugins;
using DeltaTune.Prompts;
using Microsoft.Extensions.DependencyInjection;
using Newtonsoft.Json.Linq;

namespace DeltaTune.Host.Commands;

/// <summary>Lists the components that plugins provide. Loads no libtorch.</summary>
internal sealed class ListCommand : ICliCommand
{
    private const string Knowledge = "knowledge", KnowledgeSummary = "words related to label words, for a verbalizer's knowledge.type";

    /// <inheritdoc/>
    public Command Define(CommandContext context)
    {
        var kind = new Argument<string?>("kind")
        {
            Description = $"Only one kind: {string.Join(", ", Enum.GetValues<ComponentKind>().Select(KindNames.Many).Append(Knowledge))}.", Arity = ArgumentArity.ZeroOrOne, DefaultValueFactory = _ => null,
        };
        var json = new Option<bool>("--json") { Description = "Write JSON." };
        var command = new CommandWithExamples("list", "List backbones, deltas, templates, verbalizers, tasks, pretraining objectives and knowledge sources.", "list", "list deltas", "list --json --plugins my-plugins") { kind, json };
        command.SetAction(result =>
        {
            ComponentDescriptor[] components = Choose(context, result.GetValue(kind));
            IKnowledgeSource[] sources = result.GetValue(kind) is { } wanted && !IsKnowledge(wanted) ? [] : Sources(context);
            if (result.GetValue(json))
            {
                WriteJson(context, components, sources);
            }
            else
            {
                WriteText(context, components, sources);
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

        if (IsKnowledge(name))
        {
            return [];
        }

        ComponentKind kind = KindNames.Parse(name)
            ?? throw new InvalidRunException($"list '{name}'", $"names no kind of component; {NearestNames.Hint(name, Enum.GetValues<ComponentKind>().Select(KindNames.Many).Append(Knowledge))}");
        return [.. context.Plugins.Components.Where(c => c.Kind == kind)];
    }

    private static bool IsKnowledge(string kind) => kind.Equals(Knowledge, StringComparison.OrdinalIgnoreCase);

    // No components, since they are made once and take their options from a verbalizer; of one name, the last counts.
    private static IKnowledgeSource[] Sources(CommandContext context)
        => [.. context.Plugins.Services.GetServices<IKnowledgeSource>().GroupBy(s => s.Name).Select(g => g.Last()).OrderBy(s => s.Name, StringComparer.Ordinal)];

    private static void WriteText(CommandContext context, ComponentDescriptor[] components, IKnowledgeSource[] sources)
    {
        if (components.Length + sources.Length == 0)
        {
            context.Error.WriteLine(context.Plugins.Plugins.Count == 0 ? "no plugin was found; --plugins DIR names a folder of plugins" : "there are none");
            return;
        }

        int width = components.Select(c => c.Name.Length).Concat(sources.Select(s => s.Name.Length)).Max();
        int summaryWidth = components.Select(c => c.Summary.Length).DefaultIfEmpty().Max();
        foreach (IGrouping<ComponentKind, ComponentDescriptor> group in components.GroupBy(c => c.Kind))
        {
            context.Output.WriteLine(KindNames.Many(group.Key));
            TextTable.Write(context.Output, [.. group.Select(c => new[] { c.Name.PadRight(width), c.Summary.PadRight(summaryWidth), c.Paper })], indent: 2);
        }

        if (sources.Length > 0)
        {
            context.Output.WriteLine(Knowledge);
            TextTable.Write(context.Output, [.. sources.Select(s => new[] { s.Name.PadRight(width), KnowledgeSummary })], indent: 2);
        }
    }

    private static void WriteJson(CommandContext context, ComponentDescriptor[] components, IKnowledgeSource[] sources)
        => context.WriteJson(new JArray(
            components.Select(c => Json(KindNames.One(c.Kind), c.Name, c.Summary, c.Paper, c.Plugin))
                .Concat(sources.Select(s => Json(Knowledge, s.Name, KnowledgeSummary, "", s.GetType().Assembly.GetName().Name ?? "")))));

    private static JObject Json(string kind, string name, string summary, string paper, string plugin)
        => new() { ["kind"] = kind, ["name"] = name, ["summary"] = summary, ["paper"] = paper, ["plugin"] = plugin };
}
