using DeltaTune.Batches;
using static TorchSharp.torch;

namespace DeltaTune.Backbones;

/// <summary>A family's own classification head: hidden states to class scores <c>[rows, classes]</c>.</summary>
/// <remarks>Its parameters have the checkpoint's names (<c>classifier.weight</c>), so that PEFT's <c>modules_to_save</c> finds them.</remarks>
public abstract class Head : nn.Module<Hidden, Tensor>
{
    /// <summary>Names the head.</summary>
    /// <param name="checkpointPath">The module's path in the checkpoint: <c>classifier</c>.</param>
    protected Head(string checkpointPath)
        : base(checkpointPath)
        => CheckpointPath = checkpointPath;

    /// <summary>Gets the module's path in the checkpoint: <c>classifier</c>.</summary>
    public string CheckpointPath { get; }

    /// <summary>Gets what it reads of the hidden states: where it takes the first position's state itself, <see cref="ReadOutKind.Pooled"/>.</summary>
    public abstract ReadOutKind Reads { get; }
}
