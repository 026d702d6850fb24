using static TorchSharp.torch;

namespace DeltaTune.Deltas;

/// <summary>A delta that adds a term to the loss, as AdaLoRA's orthogonality does.</summary>
public interface IRegularizedDelta
{
    /// <summary>The term to be added to the loss, in nats, already weighted.</summary>
    /// <returns>A scalar, the caller's to dispose.</returns>
    Tensor Penalty();
}
