using System.CommandLine;
using DeltaTune.Host.CommandLine;
using DeltaTune.Host.Options;
using DeltaTune.Host.Reports;
using DeltaTune.Host.Runs;
using Newtonsoft.Json.Linq;
using static TorchSharp.torch;

namespace DeltaTune.Host.Commands;

/// <summary>Trains what a run file describes.</summary>
internal sealed class RunCommand : ICliCommand
{
    /// <inheritdoc/>
    public Command Define(CommandContext context)
    {
        var file = new RunFileChoice(changes: "Change a value of the run file, such as deltas[0].rank=4");
        var output = new Option<string?>("--out") { Description = "The folder to write; the default is runs/NAME-DATE-TIME.", HelpName = "DIR" };
        var resume = new Option<bool>("--resume") { Description = "Go on with an interrupted run in the folder." };
        var force = new Option<bool>("--force") { Description = "Replace the run that is in the folder." };
        var json = new Option<bool>("--json") { Description = "Write the metrics as JSON." };
        var device = new DeviceChoice();
        var command = new CommandWithExamples(
            "run", "Train what a run file describes, score the test split once, and write a folder with the results.",
            "run samples/wordnet-lora.json", "run samples/wordnet-lora.json --set deltas[0].rank=4 --out runs/rank-4", "run samples/wordnet-lora.json --out runs/rank-4 --resume")
        {
            file.File, file.Set, output, device.Device, file.Seed, resume, force, device.Threads, json,
        };
        command.SetAction(result =>
        {
            RunSpec spec = file.Load(context, result, RunPurpose.Training);
            string folder = result.GetValue(output) ?? RunFolder.DefaultPath(spec.Name, TimeProvider.System);
            if (result.GetValue(resume) && result.GetValue(output) is null)
            {
                throw new InvalidRunException("--resume", "needs --out, the folder of the run to go on with");
            }

            Device chosen = device.Of(result);
            RunMetrics metrics = Run(context, spec, folder, chosen, result.GetValue(resume), result.GetValue(force), result.GetValue(json));
            if (result.GetValue(json))
            {
                var report = JObject.FromObject(metrics);
                report["folder"] = Path.GetFullPath(folder);
                context.WriteJson(report);
            }
            else
            {
                RunReport.Write(context.Output, metrics, folder);
            }

            return ExitCode.Success;
        });
        return command;
    }

    private static RunMetrics Run(CommandContext context, RunSpec spec, string folder, Device device, bool resume, bool force, bool quiet)
        => context.Stoppable($"go on with: deltatune run {Path.Combine(folder, "run.json")} --out {folder} --resume", () => ProgressReport.Watch(
            context.Error, quiet, observer => context.Runner().Run(spec, folder, device, resume, force, observer, context.Cancellation)));
}
