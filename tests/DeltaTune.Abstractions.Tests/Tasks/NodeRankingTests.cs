using DeltaTune.Tasks;

namespace DeltaTune.Abstractions.Tests.Tasks;

[TestFixture]
public sealed class NodeRankingTests
{
    // Node 2 scores 5: above it 7 (node 4) and 9 (node 0), as good 5 (nodes 1 and 5), below 3.
    private static readonly float[] s_scores = [9, 5, 5, 3, 7, 5];

    [TestCase(new int[0], 4.0)]           // 2 above, 2 beside: 1 + 2 + 2/2
    [TestCase(new[] { 0 }, 3.0)]          // the best is right too
    [TestCase(new[] { 0, 4, 3 }, 2.0)]    // one below makes no difference
    [TestCase(new[] { 1 }, 3.5)]          // of two equals one is right too
    [TestCase(new[] { 0, 1, 2, 4, 5 }, 1.0)] // itself is not left out
    [TestCase(new[] { 0, 0, 2 }, 3.0)]    // twice is once
    public void FilteredRank_OfAScoreWithEquals_IsTheMeanOfTheirRanksWithoutOtherRightAnswers(int[] known, double expected)
        => Assert.That(NodeRanking.FilteredRank(s_scores, 2, known), Is.EqualTo(expected));

    [Test]
    public void FilteredRank_AllScoresAlike_IsInTheMiddleAndNotFirst()
        => Assert.That(NodeRanking.FilteredRank([1, 1, 1, 1, 1], 3, []), Is.EqualTo(3));

    [Test]
    public void FilteredRank_NotANumber_NeverHelps()
    {
        Assert.That(NodeRanking.FilteredRank([float.NaN, 1, 2], 0, []), Is.EqualTo(3));
        Assert.That(NodeRanking.FilteredRank([float.NaN, 1, 2], 2, []), Is.EqualTo(2));
        Assert.That(NodeRanking.FilteredRank([float.NaN, 1, 2], 2, [0]), Is.EqualTo(1));
    }

    [TestCase(-1)]
    [TestCase(6)]
    public void FilteredRank_NoSuchNode_IsRefused(int answer)
        => Assert.That(() => NodeRanking.FilteredRank(s_scores, answer, []), Throws.InstanceOf<ArgumentOutOfRangeException>());

    [Test]
    public void ByName_OfRanks_CountsThem()
    {
        double[] ranks = [1, 2.5, 4, 10, 20];

        Assert.That(NodeRanking.ByName("mrr", ranks), Is.EqualTo((1 + 0.4 + 0.25 + 0.1 + 0.05) / 5).Within(1e-15));
        Assert.That(NodeRanking.ByName("hits@1", ranks), Is.EqualTo(0.2));
        Assert.That(NodeRanking.ByName("hits@3", ranks), Is.EqualTo(0.4));
        Assert.That(NodeRanking.ByName("hits@10", ranks), Is.EqualTo(0.8));
        Assert.That(NodeRanking.HitsAt(ranks, 2), Is.EqualTo(0.2));
    }

    [Test]
    public void ByName_NothingToCount_IsRefused()
    {
        Assert.That(() => NodeRanking.ByName("mrr", []), Throws.ArgumentException.With.Message.StartsWith("A metric needs at least one rank, but there is none."));
        Assert.That(
            () => NodeRanking.ByName("accuracy", [1]),
            Throws.ArgumentException.With.Message.StartsWith("A metric of ranks must be one of mrr, hits@1, hits@3, hits@10, but is 'accuracy'."));
    }
}
