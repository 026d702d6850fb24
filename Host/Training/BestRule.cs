using DeltaTune.Host.Options;
using DeltaTune.Tasks;

namespace DeltaTune.Host.Training;

/// <summary>Tells whether an evaluation on the validation split is the best so far.</summary>
/// <remarks>Source of judging by both: Veličković et al. 2018, §3.3, https://arxiv.org/abs/1710.10903, as PetarV-/GAT, execute_cora.py, has it.</remarks>
internal static class BestRule
{
    /// <summary>Takes note of an evaluation.</summary>
    /// <param name="counters">What is known of those before.</param>
    /// <param name="dev">The evaluation.</param>
    /// <param name="step">After which step it was made.</param>
    /// <param name="kind">What counts.</param>
    /// <returns>What is known now, and whether this is the best.</returns>
    public static (TrainingCounters Counters, bool IsBest) Judge(TrainingCounters counters, Evaluation dev, long step, BestKind kind)
    {
        double sign = MetricNames.IsHigherBetter(dev.Metric) ? 1 : -1;
        int score = Order(sign * dev.Score, sign * (kind == BestKind.Both ? counters.TopScore : counters.BestScore));
        int loss = Order(-dev.Loss, -(kind == BestKind.Both ? counters.LeastLoss : counters.BestLoss));
        bool isBest = kind switch
        {
            BestKind.Score => score > 0 || (score == 0 && loss > 0),
            BestKind.Loss => loss > 0 || (loss == 0 && score > 0),
            _ => score >= 0 && loss >= 0,
        };
        bool isStale = !isBest && (kind != BestKind.Both || (score < 0 && loss < 0));
        counters = counters with
        {
            TopScore = score > 0 ? dev.Score : counters.TopScore,
            LeastLoss = loss > 0 ? dev.Loss : counters.LeastLoss,
            Stale = isStale ? counters.Stale + 1 : 0,
        };
        return (isBest ? counters with { BestStep = step, BestScore = dev.Score, BestLoss = dev.Loss } : counters, isBest);
    }

    // Above 0 where a number is better than the one before, or there is none before; a number that went to NaN is below all.
    private static int Order(double now, double? before) => before is not { } old || double.IsNaN(old) ? 1 : double.IsNaN(now) ? -1 : now.CompareTo(old);
}
