using TorchSharp;
using static TorchSharp.torch;

namespace DeltaTune.Backbones.Tests.Transformers;

/// <summary>Checks a gradient against differences of the loss.</summary>
internal static class FiniteDifferences
{
    /// <summary>Moves a tensor a little to both sides in one random direction, and compares the slope with the gradient's.</summary>
    /// <param name="value">As it was, afterwards.</param>
    /// <param name="step">How far, in units of the direction's deviation.</param>
    /// <param name="loss">Computes the loss with the tensor as it is.</param>
    public static void Agree(Tensor value, float step, Func<Tensor> loss)
    {
        value.requires_grad = true;
        Tensor direction = randn(value.shape, generator: new Generator(3, CPU));
        loss().backward();
        double slope = (value.grad! * direction).sum().item<float>();
        value.requires_grad = false;
        value.grad = null;
        Tensor before = value.clone();
        value.add_(direction, step);
        double above = loss().item<float>();
        value.copy_(before).add_(direction, -step);
        double below = loss().item<float>();
        value.copy_(before);

        Assert.That((above - below) / (2 * step), Is.EqualTo(slope).Within(2).Percent.Or.EqualTo(slope).Within(2e-3)); // float32 differences
    }
}
