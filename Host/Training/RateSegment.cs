using static TorchSharp.torch;

namespace DeltaTune.Host.Training;

/// <summary>A run of numbers of the flat buffer that learn at one rate; among those that decay, by one decay.</summary>
/// <param name="Start">The first of them.</param>
/// <param name="Count">How many there are.</param>
/// <param name="Rate">The multiple of the training's learning rate. No unit.</param>
internal readonly record struct RateSegment(long Start, long Count, double Rate)
{
    /// <summary>Gets the weight decay of the run's own; null where it decays as the training says, or is not of those that decay.</summary>
    public double? Decay { get; init; }

    /// <summary>Gets the run's own part of a flat tensor: a view, or the tensor itself where the run is all of it.</summary>
    public Tensor Of(Tensor flat) => Count == flat.numel() ? flat : flat.narrow(0, Start, Count);
}
