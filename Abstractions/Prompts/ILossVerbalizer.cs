using DeltaTune.Batches;
using static TorchSharp.torch;

namespace DeltaTune.Prompts;

/// <summary>A verbalizer with a training loss of its own; others are trained by cross-entropy on their scores.</summary>
public interface ILossVerbalizer
{
    /// <summary>The loss of a batch, in nats.</summary>
    /// <param name="hidden">What the backbone left. Not disposed.</param>
    /// <param name="labels">int64 <c>[rows]</c>, classes or nodes.</param>
    /// <returns>A scalar, in the current dispose scope.</returns>
    Tensor Loss(Hidden hidden, Tensor labels);
}
