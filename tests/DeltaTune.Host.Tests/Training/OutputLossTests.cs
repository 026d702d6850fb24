using DeltaTune.Host.Training;
using DeltaTune.Tasks;
using TorchSharp;
using static TorchSharp.torch;

namespace DeltaTune.Host.Tests.Training;

[TestFixture]
public sealed class OutputLossTests
{
    private static readonly float[] s_scores = [0, 2, -1, 100, -100, 3];
    private static readonly float[] s_labels = [1, 0, float.NaN, 1, 0, float.NaN];

    // ln 2, ln(1 + e²), and two that are as good as certain: e^-100 is nothing
    [Test]
    public void Mean_BinaryWithGaps_IsCrossEntropyOfTheKnown()
    {
        using DisposeScope scope = NewDisposeScope();
        double expected = (Math.Log(2) + Math.Log(1 + Math.Exp(2))) / 4;

        Tensor actual = OutputLoss.Mean(LabelKind.Binary, tensor(s_scores, [3L, 2]), tensor(s_labels, [3L, 2]));

        Assert.That(actual.item<float>(), Is.EqualTo(expected).Within(1e-6)); // float32
    }

    [Test]
    public void Mean_Numbers_IsTheSquaredErrorOfTheKnown()
    {
        using DisposeScope scope = NewDisposeScope();

        Tensor actual = OutputLoss.Mean(LabelKind.Number, tensor(new float[] { 1, 5, 3 }, [3L, 1]), tensor(new[] { 3, float.NaN, 2 }, [3L, 1]));

        Assert.That(actual.item<float>(), Is.EqualTo((4 + 1) / 2.0).Within(1e-6));
    }

    [Test]
    public void Mean_NothingKnown_IsZeroAndGivesNoGradient()
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor scores = tensor(new float[] { 1, 5 }, [1L, 2]).requires_grad_();

        Tensor actual = OutputLoss.Mean(LabelKind.Binary, scores, full([1L, 2], float.NaN));
        actual.backward();

        Assert.That(actual.item<float>(), Is.Zero);
        Assert.That(scores.grad!.abs().sum().item<float>(), Is.Zero);
    }

    [Test]
    public void Of_OneRow_AgreesWithTheMean()
    {
        (double sum, int known) = OutputLoss.Of(LabelKind.Binary, s_scores, s_labels, []);

        Assert.That(known, Is.EqualTo(4));
        Assert.That(sum / known, Is.EqualTo((Math.Log(2) + Math.Log(1 + Math.Exp(2))) / 4).Within(1e-12));
    }

    // An error of 6 where the training labels deviate by 3, one of 1 where they deviate by 0.5: 2² + 2².
    [Test]
    public void Of_Numbers_CountsErrorsInDeviations()
    {
        (double sum, int known) = OutputLoss.Of(LabelKind.Number, [10, 5, 2], [4, float.NaN, 3], [3, 1, 0.5f]);

        Assert.That((sum, known), Is.EqualTo((8.0, 2)));
    }
}
