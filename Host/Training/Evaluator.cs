using DeltaTune.Batches;
using DeltaTune.Prompts;
using DeltaTune.Tasks;
using TorchSharp;
using TorchSharp.Utils;
using static TorchSharp.torch;

namespace DeltaTune.Host.Training;

/// <summary>Scores examples without recording a graph.</summary>
internal static class Evaluator
{
    /// <summary>Scores a split and computes the task's metric.</summary>
    /// <param name="model">Left in evaluation mode.</param>
    /// <param name="split">One or more examples, all with labels, or with texts where these are learned.</param>
    /// <param name="batchSize">Rows a batch.</param>
    /// <param name="writes">Whether texts are written though the task's metric needs none; where texts are learned.</param>
    /// <param name="cancellationToken">Looked at before every batch.</param>
    /// <returns>Loss, metric and scores.</returns>
    public static Evaluation Evaluate(TuningModel model, EncodedSplit split, int batchSize, bool writes, CancellationToken cancellationToken)
    {
        if (model.LearnsTexts)
        {
            return TextEvaluator.Evaluate(model, split, batchSize, writes, cancellationToken);
        }

        if (model.Task.Labels == LabelKind.Node)
        {
            return NodeEvaluator.Evaluate(model, split, batchSize, cancellationToken);
        }

        if (model.Task.Labels != LabelKind.Class)
        {
            return EvaluateOutputs(model, split, batchSize, cancellationToken);
        }

        double loss = 0;
        float[][] scores = Score(model, split, batchSize, (sum, _) => loss += sum, cancellationToken);
        int[] labels = [.. split.Examples.Select(e => e.Label ?? throw new InvalidRunException("task", $"example '{e.Id}' has no label, which an evaluation needs"))];
        int[] predicted = [.. scores.Select(s => Array.IndexOf(s, s.Max()))];
        IReadOnlyDictionary<string, double>? own = model.Task.Judge(predicted, labels);
        double score = own is not null && own.TryGetValue(model.Task.Metric, out double judged) ? judged
            : model.Task.Metric == MetricNames.RocAuc && model.Task.Classes.Count == 2
                ? Metrics.RocAuc([.. scores.Select(s => (double)s[1] - s[0])], [.. labels.Select(l => (double)l)])
                : Metrics.ByName(model.Task.Metric, predicted, labels);
        return new Evaluation(model.Task.Metric, score, loss / labels.Length, scores) { Metrics = own };
    }

    private static Evaluation EvaluateOutputs(TuningModel model, EncodedSplit split, int batchSize, CancellationToken cancellationToken)
    {
        using Tensor check = model.Labels(split.Examples); // every example has as many labels as there are outputs
        float[][] scores = Score(model, split, batchSize, null, cancellationToken);
        float[] deviations = model.Deviations();
        (double Sum, int Known)[] losses = [.. split.Examples.Select((e, i) => OutputLoss.Of(model.Task.Labels, scores[i], e.Values, deviations))];
        double[] flat = [.. scores.SelectMany(row => row.Select(s => (double)s))], labels = [.. split.Examples.SelectMany(e => e.Values.Select(v => (double)v))];
        double score = model.Task.Metric switch
        {
            MetricNames.RocAuc => Metrics.MeanRocAuc(flat, labels, model.Task.Classes.Count),
            MetricNames.Rmse => Metrics.Rmse(flat, labels),
            MetricNames.Mae => Metrics.Mae(flat, labels),
            MetricNames.Accuracy when model.Task.Labels == LabelKind.Number => Rounded(flat, labels),
            _ => throw new InvalidRunException("task.metric", $"must be one of {MetricNames.RocAuc}, {MetricNames.Rmse}, {MetricNames.Mae} for a task of outputs without classes, but is '{model.Task.Metric}'"),
        };
        return new Evaluation(model.Task.Metric, score, losses.Sum(l => l.Sum) / losses.Sum(l => l.Known), scores);
    }

    // The share of whole numbers that a prediction rounds to; labels that are missing are left out.
    private static double Rounded(double[] predicted, double[] actual)
    {
        (double Predicted, double Actual)[] known = [.. predicted.Zip(actual).Where(p => !double.IsNaN(p.Second))];
        return known.Length == 0 ? double.NaN : known.Average(p => Math.Abs(p.Predicted - p.Actual) < 0.5 ? 1.0 : 0);
    }

    /// <summary>Scores examples, the longest first.</summary>
    /// <param name="model">Left in evaluation mode.</param>
    /// <param name="split">The examples.</param>
    /// <param name="batchSize">Rows a batch.</param>
    /// <param name="addLoss">Told the summed loss of the labelled rows of each batch, and how many they are; null where no loss is wanted.</param>
    /// <param name="cancellationToken">Looked at before every batch.</param>
    /// <returns>The class scores of each example, in the split's order.</returns>
    public static float[][] Score(
        TuningModel model, EncodedSplit split, int batchSize, Action<double, int>? addLoss, CancellationToken cancellationToken)
    {
        model.Train(training: false, backboneDropout: false);
        using IDisposable off = no_grad();
        var all = new float[split.Rows.Length][];
        foreach (int[] rows in BatchPlan.ByLength(split.Lengths, batchSize))
        {
            cancellationToken.ThrowIfCancellationRequested();
            using DisposeScope scope = NewDisposeScope();
            Hidden hidden = model.Forward(split, rows);
            using TensorAccessor<float> read = model.Score(hidden).to(ScalarType.Float32).cpu().contiguous().data<float>(); // holds memory of its own
            float[] flat = read.ToArray(); // [rows, classes]
            int classes = flat.Length / rows.Length;
            for (int i = 0; i < rows.Length; i++)
            {
                all[rows[i]] = flat[(i * classes)..((i + 1) * classes)];
            }

            if (addLoss is not null)
            {
                addLoss(SumLoss(model, hidden, rows, split, all), rows.Length);
            }
        }

        return all;
    }

    private static double SumLoss(TuningModel model, Hidden hidden, int[] rows, EncodedSplit split, float[][] scores)
    {
        if (model.Verbalizer is ILossVerbalizer)
        {
            Tensor labels = tensor([.. rows.Select(r => (long)(split.Examples[r].Label ?? 0))], device: model.Device);
            return model.Loss(hidden, labels).item<float>() * (double)rows.Length;
        }

        return rows.Sum(r => CrossEntropy(scores[r], split.Examples[r].Label ?? 0));
    }

    // -log softmax(s)[label] = log Σ exp(s - max) + max - s[label]
    private static double CrossEntropy(float[] scores, int label)
    {
        double max = scores.Max();
        return Math.Log(scores.Sum(s => Math.Exp(s - max))) + max - scores[label];
    }
}
