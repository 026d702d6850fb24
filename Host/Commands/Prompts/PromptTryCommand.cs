using System.CommandLine;
using DeltaTune.Host.CommandLine;
using DeltaTune.Host.Options;
using DeltaTune.Host.Reports;
using DeltaTune.Host.Runs;
using DeltaTune.Host.Runs.Prompts;
using DeltaTune.Tasks;
using static TorchSharp.torch;

namespace DeltaTune.Host.Commands.Prompts;

/// <summary>Takes one text through a run's prompt and shows every step.</summary>
internal sealed class PromptTryCommand : ICliCommand
{
    /// <inheritdoc/>
    public Command Define(CommandContext context)
    {
        var run = new Argument<string>("run") { Description = "A run file, whose deltas and soft tokens are then as they start, or the folder of a finished run." };
        var text = new Option<string?>("--text") { Description = "The text of the task's first field.", HelpName = "TEXT" };
        var second = new Option<string?>("--text-b") { Description = "The text of its second field; the default is empty.", HelpName = "TEXT" };
        var meta = new Option<string[]>("--meta") { Description = "Something else that the example tells, for {\"meta\": \"KEY\"}. May be given several times.", HelpName = "KEY=TEXT", DefaultValueFactory = _ => [] };
        var top = new Option<int>("--top") { Description = "How many of the most likely words are shown at each mask.", HelpName = "N", DefaultValueFactory = _ => 8 };
        var set = new Option<string[]>("--set") { Description = "Change a value of the run file, such as template.text='...'. May be given several times.", HelpName = "PATH=VALUE", DefaultValueFactory = _ => [] };
        var force = new Option<bool>("--force") { Description = "Use a finished run's deltas though they were trained on another backbone." };
        var json = new Option<bool>("--json") { Description = "Write JSON." };
        var device = new DeviceChoice();
        var command = new CommandWithExamples(
            "try", "Take one text through a run's prompt: pieces, tokens, what was cut, the words expected at the mask, and the class scores.",
            "prompt try samples/sst2-lora.json --text 'a fine film'", "prompt try runs/sst2 --text 'a fine film' --set input.max_length=16 --json")
        {
            run, text, second, meta, top, set, force, device.Device, device.Threads, json,
        };
        command.SetAction(result =>
        {
            string given = result.GetValue(run)!;
            RunFolder? folder = Directory.Exists(given) ? RunFolder.Open(given) : null;
            RunSpec spec = context.LoadRun(folder?.RunFile ?? given, result.GetValue(set) ?? [], RunPurpose.Training);
            int words = result.GetValue(top);
            if (words < 1)
            {
                throw new InvalidRunException("--top", $"must be 1 or more, but is {words}");
            }

            Device chosen = device.Of(result);
            using PromptRun prompt = PromptRun.Load(context.Composer(), context.SavedRun(), spec, folder, chosen, result.GetValue(force));
            PromptTrial trial = prompt.Try(Example(prompt.Fields, result.GetValue(text), result.GetValue(second), result.GetValue(meta) ?? []), words, context.Cancellation);
            if (result.GetValue(json))
            {
                context.WriteJson(PromptReport.ToJson(trial));
            }
            else
            {
                PromptReport.Write(context.Console, trial);
            }

            return ExitCode.Success;
        });
        return command;
    }

    private static Example Example(IReadOnlyList<string> fields, string? first, string? second, string[] meta)
    {
        if (first is null)
        {
            throw new InvalidRunException("--text", $"is required: the text of the task's field '{fields[0]}'");
        }

        if (second is not null && fields.Count < 2)
        {
            throw new InvalidRunException("--text-b", $"must be left out, since the task has the one field '{fields[0]}', but is given");
        }

        var entries = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (string entry in meta)
        {
            int equals = entry.IndexOf('=', StringComparison.Ordinal);
            entries[equals > 0 ? entry[..equals] : throw new InvalidRunException($"--meta '{entry}'", "must be a key, '=' and a text, such as entity=London")] = entry[(equals + 1)..];
        }

        return new Example
        {
            Id = "--text",
            Fields = fields.Select((field, i) => (field, Text: i switch { 0 => first, 1 => second ?? "", _ => "" })).ToDictionary(f => f.field, f => f.Text),
            Meta = entries,
        };
    }
}
