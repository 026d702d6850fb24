using System.CommandLine;
using DeltaTune.Generation;
using DeltaTune.Host.CommandLine;
using DeltaTune.Host.Runs;
using DeltaTune.Tasks;
using Newtonsoft.Json;
using Newtonsoft.Json.Linq;

namespace DeltaTune.Host.Commands;

/// <summary>Writes texts with a finished run.</summary>
internal sealed class GenerateCommand : ICliCommand
{
    /// <inheritdoc/>
    public Command Define(CommandContext context)
    {
        var run = new FinishedRunChoice(
            "The folder of a finished run that learned texts.", "A file with a prompt a line, or - for the standard input: plain text, columns between tabs, or JSON objects of fields.");
        (string Key, Option<string?> Option)[] settings =
        [
            Setting("strategy", "greedy, sample or beam.", "NAME"),
            Setting("max_new_tokens", "The most tokens that are written.", "N"),
            Setting("temperature", "By what scores are divided before they become probabilities; for sample.", "X"),
            Setting("top_k", "Draw from so many of the best tokens, 0 for all; for sample.", "N"),
            Setting("top_p", "Draw from the best tokens that have this probability together; for sample.", "P"),
            Setting("repetition_penalty", "By what the score of a token that is there already is divided.", "X"),
            Setting("beams", "Texts that are written side by side for each prompt; for beam.", "N"),
            Setting("length_penalty", "The power of its length that a text's log probability is divided by; for beam.", "X"),
            Setting("returned", "Texts that are given for each prompt; for beam.", "N"),
            Setting("seed", "Where chance comes from; for sample.", "N"),
        ];
        var command = new CommandWithExamples(
            "generate", "Write on from prompts with a finished run, line by line; the defaults are those of the run file's evaluation.generation.",
            "generate runs/stories --input prompts.txt", "echo 'Once upon a time' | deltatune generate runs/stories --strategy sample --temperature 0.8 --seed 7");
        run.AddTo(command);
        foreach ((_, Option<string?> option) in settings)
        {
            command.Add(option);
        }

        command.SetAction(result =>
        {
            string[] sets = [.. settings.Where(s => result.GetValue(s.Option) is not null).Select(s => $"evaluation.generation.{s.Key}={result.GetValue(s.Option)}")];
            using Predictor predictor = run.Load(context, result, sets);
            if (!predictor.LearnsTexts)
            {
                throw new InvalidRunException("folder", $"must be of a run that learned texts, but '{run.Folder(result)}' chooses among {predictor.Classes.Count} classes; 'deltatune predict' scores them");
            }

            foreach (IReadOnlyList<Example> examples in run.Read(context, result, predictor))
            {
                Answer(context, predictor, examples, run.Json(result));
            }

            return ExitCode.Success;
        });
        return command;
    }

    private static (string Key, Option<string?> Option) Setting(string key, string description, string help)
        => (key, new Option<string?>($"--{key.Replace('_', '-')}") { Description = description, HelpName = help });

    private static void Answer(CommandContext context, Predictor predictor, IReadOnlyList<Example> examples, bool json)
    {
        // A single prompt is answered as its text comes; several are written together.
        bool streams = !json && examples.Count == 1 && predictor.Generation.Strategy != GenerationStrategy.Beam;
        bool begun = false;
        IReadOnlyList<GeneratedText> texts = predictor.Write(examples, streams ? (_, text) => Stream(text) : null, context.Cancellation);
        if (streams)
        {
            context.Output.WriteLine();
        }
        else
        {
            foreach (GeneratedText text in texts)
            {
                context.Output.WriteLine(json ? ToJson(examples[text.Row], text) : text.Text.Trim());
            }
        }

        context.Output.Flush();

        void Stream(string text)
        {
            text = begun ? text : text.TrimStart();
            begun |= text.Length > 0;
            context.Output.Write(text);
            context.Output.Flush();
        }
    }

    private static string ToJson(Example example, GeneratedText text) => new JObject
    {
        ["id"] = example.Id,
        ["text"] = text.Text.Trim(),
        ["ended"] = text.Ended,
        ["log_probability"] = Math.Round(text.LogProbability, 6),
        ["fields"] = new JObject(example.Fields.Select(f => new JProperty(f.Key, f.Value))),
    }.ToString(Formatting.None);
}
