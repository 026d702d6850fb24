using System.CommandLine;
using DeltaTune.Host.CommandLine;
using DeltaTune.Host.Options;
using DeltaTune.Host.Reports;
using DeltaTune.Host.Runs;
using Newtonsoft.Json;
using Newtonsoft.Json.Linq;
using static TorchSharp.torch;

namespace DeltaTune.Host.Commands;

/// <summary>Trains and combines an ensemble over templates, verbalizers and seeds, and distils it into one run.</summary>
internal sealed class EnsembleCommand : ICliCommand
{
    /// <inheritdoc/>
    public Command Define(CommandContext context)
    {
        var file = new RunFileChoice("The run file. Its ensemble part names templates, verbalizers and seeds.");
        var output = new Option<string?>("--out") { Description = "The folder; what is in it already is not run again. The default is runs/NAME-ensemble.", HelpName = "DIR" };
        var json = new Option<bool>("--json") { Description = "Write the metrics as JSON." };
        var device = new DeviceChoice();
        var command = new CommandWithExamples(
            "ensemble", "Train a run with several templates, verbalizers and seeds, combine their answers, and let one run learn them from unlabelled examples. Run it again to go on where it was stopped.",
            "ensemble samples/subj-ensemble.json", "ensemble samples/subj-ensemble.json --set ensemble.combine=vote")
        {
            file.File, file.Set, output, device.Device, device.Threads, json,
        };
        command.SetAction(result =>
        {
            EnsemblePlan plan = Plan(context, file.Path(result), file.Sets(result));
            string folder = result.GetValue(output) ?? Path.Combine("runs", $"{plan.Spec.Name}-ensemble");
            Device chosen = device.Of(result);
            EnsembleMetrics metrics = Run(context, plan, folder, chosen, result.GetValue(json));
            if (result.GetValue(json))
            {
                var report = JObject.FromObject(metrics);
                report["folder"] = Path.GetFullPath(folder);
                context.WriteJson(report);
            }
            else
            {
                EnsembleReport.Write(context.Output, metrics, folder);
            }

            return ExitCode.Success;
        });
        return command;
    }

    // Every member and the student is the run file with settings of its own, checked whole before the first is trained.
    private static EnsemblePlan Plan(CommandContext context, string file, string[] sets)
    {
        RunSpec spec = context.LoadRun(file, sets, RunPurpose.Training);
        if (spec.Ensemble is not { } options)
        {
            throw new InvalidRunException("ensemble", "is required, such as \"ensemble\": {\"seeds\": [1, 2, 3]}");
        }

        var files = new RunVariants(context, file);
        string[] plain = [.. sets, "ensemble=null", "compare={}"];
        List<ComparisonCell> members = [];
        foreach ((string name, string[] settings) in Pairs(options))
        {
            foreach (long seed in options.Seeds.Distinct())
            {
                if (files.Load($"ensemble, {name}", [.. plain, .. settings, $"seed={seed}", "evaluation.splits=[\"dev\",\"test\"]", "evaluation.predictions=true"]) is { } member)
                {
                    members.Add(new ComparisonCell(name, member));
                }
            }
        }

        (RunSpec? pool, RunSpec? student) = (null, null);
        if (options.Distillation is { } distillation)
        {
            student = files.Load("ensemble.distillation.student", [.. plain, .. RunVariants.Settings(distillation.Student)]);
            if (distillation.Unlabelled is null)
            {
                string[] all = spec.Task!.Source.SelectToken("sampling.shots") is null ? [] : ["task.sampling.shots=0", "task.sampling.dev_shots=0"];
                pool = files.Load("ensemble.distillation", [.. plain, .. all]);
            }
        }

        files.ThrowIfAny();
        return new EnsemblePlan(spec, members, pool, student);
    }

    private static IEnumerable<(string Name, string[] Settings)> Pairs(EnsembleOptions options)
    {
        foreach ((string template, string[] first) in Choices("template", options.Templates))
        {
            foreach ((string verbalizer, string[] second) in Choices("verbalizer", options.Verbalizers))
            {
                yield return (template.Length + verbalizer.Length == 0 ? "member" : $"{template} {verbalizer}".Trim(), [.. first, .. second]);
            }
        }
    }

    private static IEnumerable<(string Name, string[] Settings)> Choices(string part, IReadOnlyList<JObject> choices)
        => choices.Count == 0 ? [("", [])] : choices.Select((c, i) => ($"{part} {i + 1}", new[] { $"{part}={c.ToString(Formatting.None)}" }));

    private static EnsembleMetrics Run(CommandContext context, EnsemblePlan plan, string folder, Device device, bool quiet)
    {
        var ensemble = new Ensemble(context.Composer(), context.Runner(), context.SavedRun());
        return context.Stoppable($"the same command goes on, since what is done is kept in {folder}", () => ProgressReport.Watch(
            context.Error, quiet, observer => ensemble.Run(plan, folder, device, observer, context.Cancellation)));
    }
}
