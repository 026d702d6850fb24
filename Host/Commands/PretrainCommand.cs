using System.CommandLine;
using System.Globalization;
using DeltaTune.Host.CommandLine;
using DeltaTune.Host.Options;
using DeltaTune.Host.Runs;
using DeltaTune.Pretraining;
using Newtonsoft.Json.Linq;
using static TorchSharp.torch;

namespace DeltaTune.Host.Commands;

/// <summary>Pretrains a backbone as a run file's <c>pretraining</c> part says.</summary>
internal sealed class PretrainCommand : ICliCommand
{
    /// <inheritdoc/>
    public Command Define(CommandContext context)
    {
        var file = new RunFileChoice("A run file with a pretraining part.", "Change a value of the run file, such as pretraining.steps=100");
        var output = new Option<string?>("--out") { Description = "The folder to write; the default is runs/NAME-DATE-TIME.", HelpName = "DIR" };
        var resume = new Option<bool>("--resume") { Description = "Go on from the folder's last checkpoint." };
        var json = new Option<bool>("--json") { Description = "Write what was reached as JSON." };
        var device = new DeviceChoice();
        var command = new CommandWithExamples(
            "pretrain", "Pretrain a backbone into a folder that its loader reads.",
            "pretrain samples/pretrain-wordnet.json --out models/mine", "pretrain samples/pretrain-wordnet.json --out models/mine --resume")
        {
            file.File, file.Set, output, device.Device, file.Seed, resume, device.Threads, json,
        };
        command.SetAction(result =>
        {
            RunSpec spec = file.Load(context, result, RunPurpose.Pretraining);
            string folder = result.GetValue(output) ?? RunFolder.DefaultPath(spec.Name, TimeProvider.System);
            RequireRoom(folder, result.GetValue(resume));
            PretrainingObjective objective = context.Plugins.Catalog.Create<PretrainingObjective>(ComponentKind.Pretraining, spec.Pretraining!.Type, spec.Pretraining.Options);
            var problems = new ProblemList();
            problems.Try(spec.Pretraining, objective.Check);
            problems.ThrowIfAny();
            Device chosen = device.Of(result);
            PretrainingProgress reached = Run(context, objective, new PretrainingJob(Path.GetFullPath(folder), chosen, spec.Seed), file.Path(result), folder);
            Report(context, reached, folder, result.GetValue(json));
            return ExitCode.Success;
        });
        return command;
    }

    private static void RequireRoom(string folder, bool resume)
    {
        if (!resume && Directory.Exists(folder) && Directory.EnumerateFileSystemEntries(folder).Any())
        {
            throw new InvalidRunException(folder, "is not empty; go on with --resume, or choose another folder with --out");
        }

        Directory.CreateDirectory(folder);
    }

    private static PretrainingProgress Run(CommandContext context, PretrainingObjective objective, PretrainingJob job, string file, string folder)
        => context.Stoppable($"go on with: deltatune pretrain {file} --out {folder} --resume", () => objective.Run(job, new Lines(context.Error), context.Cancellation));

    private static void Report(CommandContext context, PretrainingProgress reached, string folder, bool json)
    {
        if (json)
        {
            context.WriteJson(new JObject
            {
                ["step"] = reached.Step, ["loss"] = reached.Loss, ["held_out_loss"] = reached.HeldOutLoss, ["seconds"] = Math.Round(reached.Elapsed.TotalSeconds, 3), ["folder"] = Path.GetFullPath(folder),
            });
            return;
        }

        context.Output.WriteLine(Lines.Format(reached));
        context.Output.WriteLine($"written to {folder}");
    }

    // Not Progress<T>, which would hand lines to another thread, out of order.
    private sealed class Lines(TextWriter error) : IProgress<PretrainingProgress>
    {
        public void Report(PretrainingProgress value) => error.WriteLine(Format(value));

        public static string Format(PretrainingProgress value)
        {
            string held = value.HeldOutLoss is double loss ? string.Create(CultureInfo.InvariantCulture, $"  held-out {loss:0.0000}") : "";
            return string.Create(CultureInfo.InvariantCulture, $"step {value.Step}/{value.TotalSteps}  loss {value.Loss:0.0000}{held}  {value.ItemsPerSecond:N0} items/s  {value.Elapsed:hh\\:mm\\:ss}");
        }
    }
}
