using static TorchSharp.torch;

namespace DeltaTune.Batches;

/// <summary>What the layers leave: the last hidden states, and the batch that they stand for.</summary>
/// <param name="States"><c>[batch, seq, hidden]</c> of the (decoder's) tokens, or <c>[nodes, hidden]</c>.</param>
/// <param name="Batch">The batch in the same shape.</param>
public sealed record Hidden(Tensor States, ModelBatch Batch);
