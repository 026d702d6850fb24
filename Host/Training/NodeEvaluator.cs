using DeltaTune.Batches;
using DeltaTune.Tasks;
using TorchSharp;
using TorchSharp.Utils;
using static TorchSharp.torch;

namespace DeltaTune.Host.Training;

/// <summary>Ranks the nodes of graphs for each example. Scores of all nodes are there for a batch at a time and are not kept.</summary>
/// <remarks>The examples that ask about one graph share one pass of the backbone: only what is asked differs between their batches.</remarks>
internal static class NodeEvaluator
{
    private const int Best = 10;

    /// <summary>Ranks a split and computes the metrics.</summary>
    /// <param name="model">Left in evaluation mode.</param>
    /// <param name="split">One or more examples, all with labels.</param>
    /// <param name="batchSize">Examples that are scored together, at most.</param>
    /// <param name="cancellationToken">Looked at before every batch.</param>
    /// <returns>Loss, metrics and ranks.</returns>
    public static Evaluation Evaluate(TuningModel model, EncodedSplit split, int batchSize, CancellationToken cancellationToken)
    {
        model.Train(training: false, backboneDropout: false);
        using IDisposable off = no_grad();
        var ranks = new RankedNodes[split.Rows.Length];
        double loss = 0;
        foreach (int[] rows in Enumerable.Range(0, split.Rows.Length).GroupBy(i => split.Examples[i].Graph, ReferenceEqualityComparer.Instance).Select(g => g.ToArray()))
        {
            using DisposeScope scope = NewDisposeScope();
            Hidden hidden = model.Forward(split, rows);
            for (int first = 0; first < rows.Length; first += batchSize)
            {
                cancellationToken.ThrowIfCancellationRequested();
                using DisposeScope batch = NewDisposeScope();
                int[] part = rows[first..Math.Min(rows.Length, first + batchSize)];
                Tensor scores = model.Score(Part(hidden, first, part.Length)).to(ScalarType.Float32);  // [rows, nodes]
                loss += Loss(scores, model.Labels([.. part.Select(r => split.Examples[r])]));
                Rank(scores, part, split.Examples, ranks);
            }
        }

        double[] all = [.. ranks.Select(r => r.Rank)];
        Dictionary<string, double> metrics = MetricNames.OfRanks.ToDictionary(name => name, name => NodeRanking.ByName(name, all));
        return metrics.TryGetValue(model.Task.Metric, out double score)
            ? new Evaluation(model.Task.Metric, score, loss / all.Length, []) { Metrics = metrics, Ranks = ranks }
            : throw new InvalidRunException("task.metric", $"must be one of {string.Join(", ", MetricNames.OfRanks)} for a task whose answers are nodes, but is '{model.Task.Metric}'");
    }

    // The same states, asked about by some of the rows.
    private static Hidden Part(Hidden hidden, int first, int count)
    {
        var batch = (GraphBatch)hidden.Batch;
        return batch.Rows == count ? hidden : hidden with
        {
            Batch = batch with { ReadNodes = batch.ReadNodes!.narrow(0, first, count), ReadRelations = batch.ReadRelations?.narrow(0, first, count) },
        };
    }

    // Σ -log softmax(s)[label], in nats.
    private static double Loss(Tensor scores, Tensor labels)
        => (scores.logsumexp(1) - scores.gather(1, labels.unsqueeze(1)).squeeze(1)).to(ScalarType.Float64).sum().item<double>();

    private static void Rank(Tensor scores, int[] rows, IReadOnlyList<Example> examples, RankedNodes[] ranks)
    {
        int nodes = (int)scores.size(1);
        (Tensor values, Tensor places) = topk(scores, Math.Min(Best, nodes), 1);
        float[] all = Numbers<float>(scores), best = Numbers<float>(values);
        long[] which = Numbers<long>(places);
        int most = best.Length / rows.Length;
        for (int i = 0; i < rows.Length; i++)
        {
            Example example = examples[rows[i]];
            double rank = NodeRanking.FilteredRank(all.AsSpan(i * nodes, nodes), example.Label!.Value, example.Known);
            ranks[rows[i]] = new RankedNodes(rank, [.. Enumerable.Range(i * most, most).Select(k => ((int)which[k], best[k]))]);
        }
    }

    private static T[] Numbers<T>(Tensor values)
        where T : unmanaged
    {
        using TensorAccessor<T> read = values.cpu().contiguous().data<T>();
        return read.ToArray();
    }
}
