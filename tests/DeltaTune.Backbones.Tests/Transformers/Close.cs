using static TorchSharp.torch;

namespace DeltaTune.Backbones.Tests.Transformers;

/// <summary>Compares tensors.</summary>
internal static class Close
{
    /// <summary>The largest absolute difference; the shapes must agree.</summary>
    public static double Difference(Tensor actual, Tensor expected)
    {
        Assert.That(actual.shape, Is.EqualTo(expected.shape));
        return (actual - expected).abs().max().item<float>();
    }

    /// <summary>Whether all elements are equal, to the last bit but for the sign of 0.</summary>
    public static bool Same(Tensor actual, Tensor expected)
    {
        Assert.That(actual.shape, Is.EqualTo(expected.shape));
        return actual.eq(expected).all().item<bool>();
    }
}
