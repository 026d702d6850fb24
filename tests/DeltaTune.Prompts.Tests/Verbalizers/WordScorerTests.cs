using DeltaTune.Prompts.Verbalizers;
using TorchSharp;
using static TorchSharp.torch;

namespace DeltaTune.Prompts.Tests.Verbalizers;

/// <summary>The mathematics on numbers worked out by hand.</summary>
[TestFixture]
public sealed class WordScorerTests
{
    // Class 0: 'a' (7) and 'b c' (3, 9); class 1: 'd' (5). Ids needed: 3, 5, 7, and 9 where all tokens count.
    private static readonly LabelWordTable Words = new([[new("a", [7]), new("b c", [3, 9])], [new("d", [5])]]);

    [TestCase(MultiToken.First, new long[] { 3, 5, 7 })]
    [TestCase(MultiToken.Max, new long[] { 3, 5, 7, 9 })]
    [TestCase(MultiToken.Mean, new long[] { 3, 5, 7, 9 })]
    public void Ids_AreOnlyThoseNeeded(MultiToken multiToken, long[] ids)
    {
        using var scorer = new WordScorer(Words, multiToken, true, CPU);

        Assert.That(scorer.Ids(zeros(1)).data<long>().ToArray(), Is.EqualTo(ids));
    }

    [TestCase(MultiToken.First, 2.0)] // g(3)
    [TestCase(MultiToken.Max, 6.0)]   // max(2, 6)
    [TestCase(MultiToken.Mean, 4.0)]  // (2 + 6) / 2
    public void Score_WithoutSoftmax_IsTheMeanOverWords(MultiToken multiToken, double second)
    {
        using DisposeScope scope = NewDisposeScope();
        using var scorer = new WordScorer(Words, multiToken, postLogSoftmax: false, CPU);
        Tensor logits = multiToken == MultiToken.First ? tensor(new float[,] { { 2, -1, 3 } }) : tensor(new float[,] { { 2, -1, 3, 6 } });

        Assert.That(scorer.Score(logits).data<float>().ToArray(), Is.EqualTo(new[] { (float)(3 + second) / 2, -1f }).Within(1e-6));
    }

    [Test]
    public void Score_WithSoftmax_IsTheMeanLogProbabilityOverAllWords()
    {
        using DisposeScope scope = NewDisposeScope();
        using var scorer = new WordScorer(Words, MultiToken.First, true, CPU);
        // e^g = 1, 2, 5 for ids 3, 5, 7: p = 1/8 for 'b c', 2/8 for 'd', 5/8 for 'a'.
        Tensor logits = tensor(new float[,] { { 0, MathF.Log(2), MathF.Log(5) } });

        float[] expected = [(MathF.Log(5f / 8) + MathF.Log(1f / 8)) / 2, MathF.Log(2f / 8)];
        Assert.That(scorer.Score(logits).data<float>().ToArray(), Is.EqualTo(expected).Within(1e-6));
    }

    [Test]
    public void Score_Calibrated_DividesThePriorOut()
    {
        using DisposeScope scope = NewDisposeScope();
        using var scorer = new WordScorer(Words, MultiToken.First, true, CPU);
        Tensor logits = tensor(new float[,] { { 0, MathF.Log(2), MathF.Log(5) } }); // p = 1/8, 2/8, 5/8
        scorer.Calibrate(tensor(new[] { 0f, 0f, MathF.Log(2) }));                   // q = 1/4, 1/4, 2/4

        // p/q = 1/2, 1, 5/4, whose sum is 11/4: 2/11, 4/11, 5/11.
        float[] expected = [(MathF.Log(5f / 11) + MathF.Log(2f / 11)) / 2, MathF.Log(4f / 11)];
        Assert.That(scorer.Score(logits).data<float>().ToArray(), Is.EqualTo(expected).Within(1e-6));
        Assert.That(scorer.state_dict().Keys, Is.EqualTo(new[] { "prior" }));
    }

    [Test]
    public void Score_LeavesNothingButItsResult()
    {
        using DisposeScope scope = NewDisposeScope();
        using var scorer = new WordScorer(Words, MultiToken.Mean, true, CPU);
        Tensor logits = rand(4, 4);
        scorer.Score(logits).Dispose(); // makes the constants
        long before = DisposeScopeManager.Statistics.ThreadTotalLiveCount;

        scorer.Score(logits);

        Assert.That(DisposeScopeManager.Statistics.ThreadTotalLiveCount - before, Is.EqualTo(1));
    }
}
