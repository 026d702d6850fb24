using static TorchSharp.torch;

namespace DeltaTune.Backbones.Weights;

/// <summary>Makes the tensors of an untrained network.</summary>
internal static class WeightStarts
{
    /// <summary>Makes what a tensor starts as.</summary>
    /// <param name="spec">The tensor.</param>
    /// <param name="deviation">The standard deviation where it starts as noise.</param>
    /// <param name="generator">Where chance comes from.</param>
    /// <returns>A new tensor.</returns>
    public static Tensor Draw(this WeightSpec spec, double deviation, Generator generator) => spec.Start switch
    {
        WeightStart.Noise => empty(spec.Shape).normal_(0, deviation, generator),
        WeightStart.One => ones(spec.Shape),
        _ => zeros(spec.Shape),
    };
}
