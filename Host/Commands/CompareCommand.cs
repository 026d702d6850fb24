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
        var file = new RunFileChoice("The run file. Its compare part names variants and seeds.", "Change a value of the run file before the variants do");
        var deltas = new Option<string?>("--deltas") { Description = "Compare these deltas, each with its defaults, in place of the run file's variants.", HelpName = "lora,ia3,..." };
        var only = new Option<string?>("--only") { Description = "Run these rows alone: names of rows, of variants, or of what variants are crossed with. Processes that share a folder can share the rows so; the whole table is then shown without --only.", HelpName = "NAME,..." };
        var seeds = new Option<string?>("--seeds") { Description = "The seeds, in place of the run file's.", HelpName = "1,2,3" };
        var reference = new Option<string?>("--reference") { Description = "The variant to test the others against, in place of the run file's.", HelpName = "VARIANT" };
        var output = new Option<string?>("--out") { Description = "The folder; cells that are in it already are not run again. The default is runs/NAME-compare.", HelpName = "DIR" };
        var json = new Option<bool>("--json") { Description = "Write the rows as JSON." };
        var device = new DeviceChoice();
        var command = new CommandWithExamples(
            "compare", "Run variants of a run over several seeds, with the same splits, and show one table. Run it again to go on where it was stopped.",
            "compare samples/wordnet-compare.json", "compare samples/wordnet-lora.json --deltas lora,adapter,bitfit", "compare samples/wordnet-compare.json --seeds 1,2,3 --json")
        {
            file.File, file.Set, deltas, only, seeds, reference, output, device.Device, device.Threads, json,
        };
        command.SetAction(result =>
        {
            string[] sets = file.Sets(result);
            RunSpec baseline = file.Load(context, result, RunPurpose.Training);
            long[] chosenSeeds = result.GetValue(seeds) is { } text ? ParseSeeds(text) : [.. baseline.Compare.Seeds];
            ComparisonPlan plan = ComparisonPlan.Of(baseline, result.GetValue(deltas)).Only(result.GetValue(only));
            ComparisonCell[] cells = Cells(context, file.Path(result), sets, plan, baseline, chosenSeeds);
            IReadOnlyDictionary<string, string> references = result.GetValue(reference) is { } asked ? plan.References(asked, "--reference") : plan.References(baseline.Compare.Reference, "compare.reference");
            string folder = result.GetValue(output) ?? Path.Combine("runs", $"{baseline.Name}-compare");
            Device chosen = device.Of(result);
            IReadOnlyList<ComparisonRow> rows = Run(context, cells, references, folder, chosen, result.GetValue(json));
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
    private static ComparisonCell[] Cells(CommandContext context, string file, string[] sets, ComparisonPlan plan, RunSpec baseline, long[] seeds)
    {
        List<(string Row, RunProblem Problem)> problems = [];
        List<ComparisonCell> cells = [];
        foreach (PlannedRow row in plan.Rows)
        {
            try
            {
                RunSpec variant = context.LoadRun(file, [.. sets, .. row.Sets, "compare={}"], RunPurpose.Training);
                foreach (long seed in seeds)
                {
                    RunSpec spec = context.LoadRun(file, [.. sets, .. row.Sets, .. SeedSettings(baseline, variant, seed), "compare={}"], RunPurpose.Training);
                    cells.Add(new ComparisonCell(row.Name, spec) { Names = row.Names.Count > 1 ? row.Names : null, Chart = Place(row, spec, baseline.Compare.Chart) });
                }
            }
            catch (InvalidRunException wrong)
            {
                problems.AddRange(wrong.Problems.Select(p => (row.Name, p)));
            }
        }

        if (problems.Count == 0)
        {
            return [.. cells];
        }

        // What is wrong in one of the crossed entries is wrong in every row of it; it is told of the first.
        bool crossed = baseline.Compare.CrossedWith.Count > 0;
        throw new InvalidRunException([.. (crossed ? problems.DistinctBy(p => p.Problem) : problems)
            .Select(p => p.Problem with { Path = $"{(crossed ? $"row '{p.Row}'" : $"compare.variants['{p.Row}']")}: {p.Problem.Path}" }).Distinct()]);
    }

    private static ChartPlace? Place(PlannedRow row, RunSpec spec, CompareChartOptions? chart)
    {
        try
        {
            return chart is null ? null : ChartPlace.Of(row, spec.Resolved, chart.X)
                ?? throw new InvalidRunException("compare.chart.x", $"must be the path of a number, such as task.train, but there is none at '{chart.X}'");
        }
        catch (JsonException cause)
        {
            throw new InvalidRunException("compare.chart.x", $"must be a path in the run file, such as task.train, but is '{chart!.X}'", cause);
        }
    }

    // A seed draws its own few-shot sample too, the same for every variant, as Gao et al. 2021 (arXiv:2012.15723) do, and where the backbone is untrained its start.
    private static IEnumerable<string> SeedSettings(RunSpec baseline, RunSpec variant, long seed)
    {
        yield return $"seed={seed}";
        if (baseline.Task!.Source.SelectToken("sampling.seed") is not null)
        {
            yield return $"task.sampling.seed={seed}";
        }

        foreach (JProperty start in variant.Backbone?.Source.Descendants().OfType<JProperty>().Where(p => p is { Name: "seed", Value.Type: JTokenType.Integer }) ?? [])
        {
            yield return $"backbone.{start.Path}={seed}"; // of a part too, where it is made of backbones
        }
    }

    private static IReadOnlyList<ComparisonRow> Run(CommandContext context, ComparisonCell[] cells, IReadOnlyDictionary<string, string> references, string folder, Device device, bool quiet)
        => context.Stoppable($"the same command goes on, since what is done is kept in {folder}", () => ProgressReport.Watch(
            context.Error, quiet, observer => new Comparison(context.Composer(), context.Runner()).Run(cells, folder, device, observer, context.Cancellation, references)));

    private static long[] ParseSeeds(string text)
        => [.. text.Split(',').Select(s => long.TryParse(s, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long seed)
            ? seed
            : throw new InvalidRunException("--seeds", $"must be integers with commas between, such as 1,2,3, but is '{text}'"))];

    private static void Show(TextWriter output, IReadOnlyList<ComparisonRow> rows)
    {
        TextTable.Write(output, ComparisonColumns.Table(rows));
        if (ComparisonTest.Explain(rows) is { } explanation)
        {
            output.WriteLine(explanation);
        }

        if (CrossTable.Of(rows) is { } crossed)
        {
            output.WriteLine();
            TextTable.Write(output, crossed);
        }
    }
}
