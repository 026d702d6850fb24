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
        var file = new Argument<string>("run.json") { Description = "The run file." };
        var set = new Option<string[]>("--set") { Description = "Change a value of the run file, such as deltas[0].rank=4. May be given several times.", HelpName = "PATH=VALUE", DefaultValueFactory = _ => [] };
        var output = new Option<string?>("--out") { Description = "The folder to write; the default is runs/NAME-DATE-TIME.", HelpName = "DIR" };
        var seed = new Option<long?>("--seed") { Description = "The seed, in place of the run file's.", HelpName = "N" };
        var resume = new Option<bool>("--resume") { Description = "Go on with an interrupted run in the folder." };
        var force = new Option<bool>("--force") { Description = "Replace the run that is in the folder." };
        var json = new Option<bool>("--json") { Description = "Write the metrics as JSON." };
        Option<string> device = DeviceChoice.DeviceOption();
        Option<int?> threads = DeviceChoice.ThreadsOption();
        var command = new CommandWithExamples(
            "run", "Train what a run file describes, score the test split once, and write a folder with the results.",
            "run samples/wordnet-lora.json", "run samples/wordnet-lora.json --set deltas[0].rank=4 --out runs/rank-4", "run samples/wordnet-lora.json --out runs/rank-4 --resume")
        {
            file, set, output, device, seed, resume, force, threads, json,
        };
        command.SetAction(result =>
        {
            string[] sets = [.. result.GetValue(set) ?? [], .. result.GetValue(seed) is long number ? [$"seed={number}"] : Array.Empty<string>()];
            RunSpec spec = context.LoadRun(result.GetValue(file)!, sets, RunPurpose.Training);
            string folder = result.GetValue(output) ?? RunFolder.DefaultPath(spec.Name, TimeProvider.System);
            if (result.GetValue(resume) && result.GetValue(output) is null)
            {
                throw new InvalidRunException("--resume", "needs --out, the folder of the run to go on with");
            }

            Device chosen = DeviceChoice.Apply(result.GetValue(device)!, result.GetValue(threads));
            RunMetrics metrics = Run(context, spec, folder, chosen, result.GetValue(file)!, result.GetValue(resume), result.GetValue(force), result.GetValue(json));
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

    private static RunMetrics Run(CommandContext context, RunSpec spec, string folder, Device device, string file, bool resume, bool force, bool quiet)
    {
        try
        {
            return ProgressReport.Watch(context.Error, quiet, observer => context.Runner().Run(spec, folder, device, resume, force, observer, context.Cancellation));
        }
        catch (OperationCanceledException)
        {
            context.Error.WriteLine($"stopped; go on with: deltatune run {Path.Combine(folder, "run.json")} --out {folder} --resume");
            throw;
        }
    }
}
