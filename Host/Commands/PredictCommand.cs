using System.CommandLine;
using System.Globalization;
using DeltaTune.Host.CommandLine;
using DeltaTune.Host.Runs;
using DeltaTune.Tasks;
using Newtonsoft.Json;
using Newtonsoft.Json.Linq;

namespace DeltaTune.Host.Commands;

/// <summary>Scores new inputs with a finished run.</summary>
internal sealed class PredictCommand : ICliCommand
{
    /// <inheritdoc/>
    public Command Define(CommandContext context)
    {
        var run = new FinishedRunChoice(
            "The folder of a finished run.",
            "A file with an input a line, or - for the standard input: plain text, columns between tabs, or JSON objects of fields. Where the run routes rows, an object's \"delta\" names the one that it goes through.");
        var command = new CommandWithExamples(
            "predict", "Score new inputs with a finished run: the label, its probability and the input, line by line.",
            "predict runs/wordnet --input words.txt", "predict runs/wordnet --json < words.txt");
        run.AddTo(command);
        command.SetAction(result =>
        {
            using Predictor predictor = run.Load(context, result);
            if (predictor.LearnsTexts)
            {
                throw new InvalidRunException("folder", $"must be of a run that chooses classes, but '{run.Folder(result)}' learned texts; 'deltatune generate' writes them");
            }

            if (predictor.Labels == LabelKind.Node)
            {
                throw new InvalidRunException("folder", $"must be of a run that chooses classes, but '{run.Folder(result)}' ranks the nodes of its task's graph, which no input line has; its {PredictionFile.Name} has the best of each example");
            }

            foreach (IReadOnlyList<Example> examples in run.Read(context, result, predictor, predictor.RowNames))
            {
                Answer(context, predictor, examples, run.Json(result));
            }

            return ExitCode.Success;
        });
        return command;
    }

    private static void Answer(CommandContext context, Predictor predictor, IReadOnlyList<Example> examples, bool json)
    {
        IReadOnlyList<string> classes = predictor.Classes;
        float[][] scores = predictor.Score(examples, context.Cancellation);
        for (int i = 0; i < scores.Length; i++)
        {
            context.Output.WriteLine(predictor.Labels != LabelKind.Class ? Outputs(predictor.Labels, classes, examples[i], scores[i], json)
                : json ? ToJson(classes, examples[i], scores[i]) : ToText(classes, examples[i], scores[i]));
        }

        context.Output.Flush();
    }

    // A probability or a number for each output.
    private static string Outputs(LabelKind kind, IReadOnlyList<string> names, Example example, float[] scores, bool json)
    {
        double[] values = [.. scores.Select(s => kind == LabelKind.Binary ? 1 / (1 + Math.Exp(-s)) : s)];
        return json
            ? new JObject
            {
                ["id"] = example.Id,
                [kind == LabelKind.Binary ? "probabilities" : "values"] = new JObject(names.Select((name, i) => new JProperty(name, Math.Round(values[i], 6)))),
                ["fields"] = new JObject(example.Fields.Select(f => new JProperty(f.Key, f.Value))),
            }.ToString(Formatting.None)
            : string.Join('\t', [.. names.Select((name, i) => string.Create(CultureInfo.InvariantCulture, $"{name} {values[i]:0.0000}")), .. example.Fields.Values]);
    }

    private static string ToText(IReadOnlyList<string> classes, Example example, float[] scores)
    {
        int best = Array.IndexOf(scores, scores.Max());
        return string.Create(CultureInfo.InvariantCulture, $"{classes[best]}\t{Probabilities(scores)[best]:0.0000}\t{string.Join('\t', example.Fields.Values)}");
    }

    private static string ToJson(IReadOnlyList<string> classes, Example example, float[] scores)
    {
        int best = Array.IndexOf(scores, scores.Max());
        var line = new JObject
        {
            ["id"] = example.Id,
            ["label"] = classes[best],
            ["probability"] = Math.Round(Probabilities(scores)[best], 6),
            ["scores"] = new JObject(classes.Select((name, c) => new JProperty(name, scores[c]))),
            ["fields"] = new JObject(example.Fields.Select(f => new JProperty(f.Key, f.Value))),
        };
        if (example.Delta is not null)
        {
            line["delta"] = example.Delta;
        }

        return line.ToString(Formatting.None);
    }

    private static double[] Probabilities(float[] scores)
    {
        double max = scores.Max();
        double[] weights = [.. scores.Select(s => Math.Exp(s - max))];
        double sum = weights.Sum();
        return [.. weights.Select(w => w / sum)];
    }
}
