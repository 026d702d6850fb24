using DeltaTune.Host.Options;
using DeltaTune.Host.Training;
using DeltaTune.Tasks;

namespace DeltaTune.Host.Tests.Training;

internal sealed class BestRuleTests
{
    // Accuracies and losses of six evaluations; the second best score is reached again with a lower loss, and the lowest loss comes at a poor score.
    private static readonly (double Score, double Loss)[] s_evaluations = [(0.5, 1.0), (0.8, 0.9), (0.8, 0.7), (0.7, 0.6), (0.7, 0.8), (0.6, 0.7)];

    [TestCase(BestKind.Score, 3, 3)]
    [TestCase(BestKind.Loss, 4, 2)]
    [TestCase(BestKind.Both, 3, 2)] // the fourth is kept by neither, but its loss is the lowest: patience counts from there
    public void Judge_SeveralEvaluations_KeepsTheBestByWhatCounts(BestKind kind, int best, int stale)
    {
        var counters = new TrainingCounters();
        for (int i = 0; i < s_evaluations.Length; i++)
        {
            (counters, _) = BestRule.Judge(counters, Of(s_evaluations[i].Score, s_evaluations[i].Loss), i + 1, kind);
        }

        Assert.That((counters.BestStep, counters.BestScore, counters.BestLoss), Is.EqualTo(((long)best, (double?)s_evaluations[best - 1].Score, (double?)s_evaluations[best - 1].Loss)));
        Assert.That(counters.Stale, Is.EqualTo(stale));
    }

    [Test]
    public void Judge_AfterANumberThatWasNone_TakesTheNext()
    {
        (TrainingCounters counters, bool first) = BestRule.Judge(new TrainingCounters(), Of(double.NaN, 1), 1, BestKind.Score);
        (counters, bool second) = BestRule.Judge(counters, Of(0.1, 2), 2, BestKind.Score);
        (_, bool third) = BestRule.Judge(counters, Of(double.NaN, 0.5), 3, BestKind.Score);

        Assert.That((first, second, third), Is.EqualTo((true, true, false)));
    }

    private static Evaluation Of(double score, double loss) => new(MetricNames.Accuracy, score, loss, []);
}
