using System.CommandLine;
using System.Globalization;
using DeltaTune.Host.CommandLine;
using DeltaTune.Host.Options;
using DeltaTune.Host.Reports;
using DeltaTune.Host.Runs;
using Newtonsoft.Json;
using Newtonsoft.Json.Linq;
using static TorchSharp.torch;

namespace DeltaTune.Host.Commands;

/// <summary>Runs variants of a run file over seeds and shows one table.</summary>
internal sealed class CompareCommand : ICliCommand
{
    /// <inheritdoc/>
    public Command Define(CommandContext context)
    {
        var file = new Argument<string>("run.json") { Description = "The run file. Its compare part names variants and seeds." };
        var set = new Option<string[]>("--set") { Description = "Change a value of the run file before the variants do. May be given several times.", HelpName = "PATH=VALUE", DefaultValueFactory = _ => [] };
        var deltas = new Option<string?>("--deltas") { Description = "Compare these deltas, each with its defaults, in place of the run file's variants.", HelpName = "lora,ia3,..." };
        var seeds = new Option<string?>("--seeds") { Description = "The seeds, in place of the run file's.", HelpName = "1,2,3" };
        var reference = new Option<string?>("--reference") { Description = "The variant to test the others against, in place of the run file's.", HelpName = "VARIANT" };
        var output = new Option<string?>("--out") { Description = "The folder; cells that are in it already are not run again. The default is runs/NAME-compare.", HelpName = "DIR" };
        var json = new Option<bool>("--json") { Description = "Write the rows as JSON." };
        Option<string> device = DeviceChoice.DeviceOption();
        Option<int?> threads = DeviceChoice.ThreadsOption();
        var command = new CommandWithExamples(
            "compare", "Run variants of a run over several seeds, with the same splits, and show one table. Run it again to go on where it was stopped.",
            "compare samples/wordnet-compare.json", "compare samples/wordnet-lora.json --deltas lora,adapter,bitfit", "compare samples/wordnet-compare.json --seeds 1,2,3 --json")
        {
            file, set, deltas, seeds, reference, output, device, threads, json,
        };
        command.SetAction(result =>
        {
            string[] sets = result.GetValue(set) ?? [];
            RunSpec baseline = context.LoadRun(result.GetValue(file)!, sets, RunPurpose.Training);
            long[] chosenSeeds = result.GetValue(seeds) is { } text ? ParseSeeds(text) : [.. baseline.Compare.Seeds];
            ComparisonCell[] cells = Cells(context, result.GetValue(file)!, sets, Variants(baseline, result.GetValue(deltas)), baseline, chosenSeeds);
            string? standard = Reference(result.GetValue(reference), baseline, cells);
            string folder = result.GetValue(output) ?? Path.Combine("runs", $"{baseline.Name}-compare");
            Device chosen = DeviceChoice.Apply(result.GetValue(device)!, result.GetValue(threads));
            IReadOnlyList<ComparisonRow> rows = Run(context, cells, standard, folder, chosen, result.GetValue(json));
            if (result.GetValue(json))
            {
                context.WriteJson(JArray.FromObject(rows));
            }
            else
            {
                Show(context.Output, rows);
                context.Output.WriteLine($"The table and a chart are in {Path.Combine(folder, "compare.html")}");
            }

            return ExitCode.Success;
        });
        return command;
    }

    // Every variant is the run file with its own settings, checked whole before the first is trained.
    private static ComparisonCell[] Cells(
        CommandContext context, string file, string[] sets, IEnumerable<(string Name, JObject Settings)> variants, RunSpec baseline, long[] seeds)
    {
        var problems = new List<RunProblem>();
        List<ComparisonCell> cells = [];
        foreach ((string name, JObject settings) in variants)
        {
            string[] own = [.. settings.Properties().Select(p => $"{p.Name}={p.Value.ToString(Formatting.None)}")];
            try
            {
                RunSpec variant = context.LoadRun(file, [.. sets, .. own, "compare={}"], RunPurpose.Training);
                cells.AddRange(seeds.Select(seed => new ComparisonCell(
                    name, context.LoadRun(file, [.. sets, .. own, .. SeedSettings(baseline, variant, seed), "compare={}"], RunPurpose.Training))));
            }
            catch (InvalidRunException wrong)
            {
                problems.AddRange(wrong.Problems.Select(p => p with { Path = $"compare.variants['{name}']: {p.Path}" }));
            }
        }

        return problems.Count == 0 ? [.. cells] : throw new InvalidRunException([.. problems.Distinct()]);
    }

    private static string? Reference(string? asked, RunSpec baseline, ComparisonCell[] cells)
    {
        string[] names = [.. cells.Select(c => c.Variant).Distinct()];
        return (asked ?? baseline.Compare.Reference) is not { } name || names.Contains(name) ? asked ?? baseline.Compare.Reference
            : throw new InvalidRunException(asked is null ? "compare.reference" : "--reference", $"must be a variant, but is '{name}'; {NearestNames.Hint(name, names)}");
    }

    private static IEnumerable<(string Name, JObject Settings)> Variants(RunSpec baseline, string? deltas)
    {
        if (deltas is not null)
        {
            string[] names = deltas.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
            return names.Length > 0
                ? names.Distinct(StringComparer.Ordinal).Select(name => (name, new JObject { ["deltas"] = new JArray(new JObject { ["type"] = name }) }))
                : throw new InvalidRunException("--deltas", "must name deltas with commas between, such as lora,adapter, but names none");
        }

        return baseline.Compare.Variants.Count > 0
            ? baseline.Compare.Variants.Select(v => (v.Key, v.Value))
            : [("zero-shot", new JObject { ["deltas"] = new JArray() }), (baseline.Name, new JObject())];
    }

    // A seed draws its own few-shot sample too, the same for every variant, as Gao et al. 2021 (arXiv:2012.15723) do, and where the backbone is untrained its start.
    private static IEnumerable<string> SeedSettings(RunSpec baseline, RunSpec variant, long seed)
    {
        yield return $"seed={seed}";
        if (baseline.Task!.Source.SelectToken("sampling.seed") is not null)
        {
            yield return $"task.sampling.seed={seed}";
        }

        if (variant.Backbone?.Source["seed"] is { Type: not JTokenType.Null })
        {
            yield return $"backbone.seed={seed}";
        }
    }

    private static IReadOnlyList<ComparisonRow> Run(CommandContext context, ComparisonCell[] cells, string? reference, string folder, Device device, bool quiet)
    {
        try
        {
            return ProgressReport.Watch(context.Error, quiet, observer => new Comparison(context.Composer(), context.Runner()).Run(cells, folder, device, observer, context.Cancellation, reference));
        }
        catch (OperationCanceledException)
        {
            context.Error.WriteLine($"stopped; the same command goes on, since what is done is kept in {folder}");
            throw;
        }
    }

    private static long[] ParseSeeds(string text)
        => [.. text.Split(',').Select(s => long.TryParse(s, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long seed)
            ? seed
            : throw new InvalidRunException("--seeds", $"must be integers with commas between, such as 1,2,3, but is '{text}'"))];

    private static void Show(TextWriter output, IReadOnlyList<ComparisonRow> rows)
    {
        bool tested = rows.Any(r => r.Test is not null);
        TextTable.Write(output, [ComparisonColumns.Head(rows), .. rows.Select(r => ComparisonColumns.Cells(r, tested))]);
        if (rows.FirstOrDefault(r => r.Test is not null)?.Test is { } test)
        {
            output.WriteLine($"Differences are from '{test.Reference}'. {ComparisonTest.Note}");
        }
    }
}
