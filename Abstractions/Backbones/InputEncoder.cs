using DeltaTune.Batches;
using DeltaTune.Prompts;
using static TorchSharp.torch;

namespace DeltaTune.Backbones;

/// <summary>Turns prompts into what one backbone reads: tokens or graphs, then batches. Knows no libtorch before <see cref="Collate"/>.</summary>
public abstract class InputEncoder
{
    /// <summary>Encodes one prompt. May be called from several threads at once.</summary>
    /// <param name="pieces">The wrapped example.</param>
    /// <param name="options">Length and truncation.</param>
    /// <returns>One row.</returns>
    /// <exception cref="InvalidRunException">The prompt has pieces that the backbone cannot read, or does not fit even when cut.</exception>
    public abstract EncodedInput Encode(IReadOnlyList<PromptPiece> pieces, EncodingOptions options);

    /// <summary>Collates rows into one batch, padded to the longest of them.</summary>
    /// <param name="rows">One or more, of this encoder.</param>
    /// <param name="device">Where the tensors go.</param>
    /// <returns>The batch, the caller's to dispose.</returns>
    public abstract ModelBatch Collate(IReadOnlyList<EncodedInput> rows, Device device);
}
