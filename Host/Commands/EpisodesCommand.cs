using System.CommandLine;
using System.Globalization;
using DeltaTune.Backbones;
using DeltaTune.Host.CommandLine;
using DeltaTune.Host.Episodes;
using DeltaTune.Host.Options;
using DeltaTune.Host.Runs;
using Newtonsoft.Json.Linq;
using static TorchSharp.torch;

namespace DeltaTune.Host.Commands;

/// <summary>Compares verbalizers on N-way K-shot episodes.</summary>
internal sealed class EpisodesCommand : ICliCommand
{
    /// <inheritdoc/>
    public Command Define(CommandContext context)
    {
        var file = new RunFileChoice("The run file. Its episodes part says what is drawn, its compare part names variants of the verbalizer.", "Change a value of the run file, such as episodes.shots=1");
        var json = new Option<bool>("--json") { Description = "Write the rows as JSON, with the accuracy in every episode." };
        var device = new DeviceChoice();
        var command = new CommandWithExamples(
            "episodes", "Compare verbalizers on many small tasks of N classes with K examples each, over a frozen backbone.",
            "episodes samples/fewnerd-episodes.json", "episodes samples/fewnerd-episodes.json --set episodes.shots=1 --json")
        {
            file.File, file.Set, file.Seed, device.Device, device.Threads, json,
        };
        command.SetAction(result =>
        {
            string[] sets = file.Sets(result);
            RunSpec spec = file.Load(context, result, RunPurpose.Training);
            (string, ComponentSpec)[] variants = Variants(context, spec, file.Path(result), sets);
            Device chosen = device.Of(result);
            IReadOnlyList<EpisodeScores> scores = Run(context, spec, variants, chosen);
            if (result.GetValue(json))
            {
                context.WriteJson(new JObject { ["episodes"] = JObject.FromObject(spec.Episodes, OptionNames.Serializer), ["seed"] = spec.Seed, ["variants"] = new JArray(scores.Select(s => Json(s, scores[0]))) });
            }
            else
            {
                Show(context.Output, spec.Episodes, scores);
            }

            return ExitCode.Success;
        });
        return command;
    }

    // Every variant is the run file with another verbalizer; without variants, the run's own is the only one.
    private static (string Name, ComponentSpec Verbalizer)[] Variants(CommandContext context, RunSpec spec, string file, string[] sets)
    {
        if (spec.Compare.Variants.Count == 0)
        {
            return [(spec.Verbalizer!.Type, spec.Verbalizer)];
        }

        var files = new RunVariants(context, file);
        List<(string, ComponentSpec)> variants = [];
        foreach ((string name, JObject settings) in spec.Compare.Variants)
        {
            string place = $"compare.variants['{name}']";
            string? other = settings.Properties().Select(p => p.Name).FirstOrDefault(p => p != "verbalizer" && !p.StartsWith("verbalizer.", StringComparison.Ordinal));
            if (other is not null)
            {
                files.Add(place, $"must set the verbalizer alone in episodes, since all variants read the same states, but sets '{other}'");
            }
            else if (files.Load(place, [.. sets, .. RunVariants.Settings(settings), "compare={}"]) is { } variant)
            {
                variants.Add((name, variant.Verbalizer!));
            }
        }

        files.ThrowIfAny();
        return [.. variants];
    }

    private static IReadOnlyList<EpisodeScores> Run(CommandContext context, RunSpec spec, (string, ComponentSpec)[] variants, Device device)
    {
        using PreparedRun run = context.Composer().Prepare(spec, readExamples: false);
        using Backbone backbone = RunComposer.Load(run, device);
        try
        {
            return new EpisodeRunner(context.Plugins.Catalog).Run(run, variants, backbone, device, Progress(context.Error, spec.Episodes.Count), context.Cancellation);
        }
        finally
        {
            run.Dispose(); // before the backbone: the template leaves it as it was
        }
    }

    // A line for every tenth of the way.
    private static Action<int> Progress(TextWriter error, int count) => done =>
    {
        if (done * 10 / count > (done - 1) * 10 / count)
        {
            error.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{done} of {count} episodes"));
        }
    };

    private static JObject Json(EpisodeScores scores, EpisodeScores first)
    {
        (double mean, double interval, int better, int worse) = scores.Against(first);
        return new JObject
        {
            ["name"] = scores.Name, ["accuracy"] = scores.Mean, ["interval"] = scores.Interval,
            ["difference"] = mean, ["difference_interval"] = interval, ["better"] = better, ["worse"] = worse,
            ["accuracies"] = new JArray(scores.Accuracies),
        };
    }

    private static void Show(TextWriter output, EpisodeOptions options, IReadOnlyList<EpisodeScores> scores)
    {
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{options.Count} episodes of {options.Ways} ways, {options.Shots} shots and {options.Queries} queries a class; intervals of 95 %"));
        List<string[]> lines = [["variant", "accuracy", "", $"against {scores[0].Name}", "", "better in", "worse in"]];
        foreach (EpisodeScores row in scores)
        {
            (double mean, double interval, int better, int worse) = row.Against(scores[0]);
            string[] against = row == scores[0] ? ["", "", "", ""] : [mean.ToString("+0.0000;-0.0000", CultureInfo.InvariantCulture), Interval(interval), $"{better}", $"{worse}"];
            lines.Add([row.Name, row.Mean.ToString("0.0000", CultureInfo.InvariantCulture), Interval(row.Interval), .. against]);
        }

        TextTable.Write(output, lines);
    }

    private static string Interval(double half) => string.Create(CultureInfo.InvariantCulture, $"± {half:0.0000}");
}
