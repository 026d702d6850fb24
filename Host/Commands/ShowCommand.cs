using System.CommandLine;
using DeltaTune.Backbones;
using DeltaTune.Deltas.Compositions;
using DeltaTune.Host.CommandLine;
using DeltaTune.Host.Commands.Deltas;
using DeltaTune.Host.Options;
using DeltaTune.Host.Reports;
using DeltaTune.Host.Runs;
using DeltaTune.Sites;
using static TorchSharp.torch;

namespace DeltaTune.Host.Commands;

/// <summary>Shows a run's backbone, its sites, and what deltas do to them.</summary>
internal sealed class ShowCommand : ICliCommand
{
    /// <inheritdoc/>
    public Command Define(CommandContext context)
    {
        var file = new RunFileChoice("A run file with a backbone.");
        var sites = new Option<string?>("--sites") { Description = "Show what this site selector hits, pattern by pattern.", HelpName = "SELECTOR" };
        var json = new Option<bool>("--json") { Description = "Write JSON." };
        var command = new CommandWithExamples(
            "show", "Show a run's backbone as a tree, its sites, what each delta acts on, and how many parameters train.",
            "show samples/wordnet-lora.json", "show samples/wordnet-lora.json --sites 'layers[0-1].attn.{q,v}'")
        {
            file.File, file.Set, sites, json,
        };
        command.SetAction(result =>
        {
            RunSpec spec = file.Load(context, result, RunPurpose.Inspection);
            if (spec.Backbone is null)
            {
                throw new InvalidRunException("backbone", "is what is shown, but the run file has none");
            }

            using Backbone backbone = context.LoadBackbone(spec.Backbone);
            if (result.GetValue(sites) is { } selector)
            {
                Explain(context.Output, backbone, selector);
                return ExitCode.Success;
            }

            Show(context, spec, backbone, result.GetValue(json));
            return ExitCode.Success;
        });
        return command;
    }

    private static void Show(CommandContext context, RunSpec spec, Backbone backbone, bool json)
    {
        var problems = new ProblemList();
        List<RunDelta> deltas = [];
        manual_seed(spec.Seed).Dispose();
        foreach (ComponentSpec wanted in spec.Deltas)
        {
            problems.Try(wanted, () =>
            {
                deltas.Add(RunDelta.Create(wanted, context.Plugins.Catalog, context.DeltaFiles(), open: true));
                deltas[^1].Place(backbone, alone: spec.Composition is null);
            });
        }

        CompositeDelta? composite = null;
        try
        {
            if (spec.Composition is not null && problems.IsEmpty)
            {
                problems.Try(() =>
                {
                    composite = new CompositeDelta(spec.Composition, [.. deltas.Select(d => d.Delta!)]);
                    composite.Attach(backbone);
                });
            }

            problems.ThrowIfAny();
            var report = new BackboneReport(backbone);
            if (json)
            {
                context.WriteJson(report.ToJson());
            }
            else
            {
                report.Write(context.Output);
            }
        }
        finally
        {
            composite?.Dispose();
            deltas.ForEach(d => d.Dispose());
        }
    }

    private static void Explain(TextWriter output, Backbone backbone, string selector)
    {
        foreach (PatternHits hits in SiteSelector.Parse(selector, "--sites").Explain(backbone.Sites, _ => true))
        {
            output.WriteLine($"{hits.Pattern} hits {hits.Sites.Count}");
            foreach (string path in PathRanges.Fold(hits.Sites.Select(s => s.Path)))
            {
                output.WriteLine($"  {path}");
            }
        }
    }
}
