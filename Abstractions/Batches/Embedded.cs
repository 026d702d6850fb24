using static TorchSharp.torch;

namespace DeltaTune.Batches;

/// <summary>Input embeddings and the batch that they stand for: what the embedding site gives, and the layers read.</summary>
/// <param name="Inputs">Token embeddings <c>[batch, seq, hidden]</c> before positions are added, or node embeddings <c>[nodes, hidden]</c>.</param>
/// <param name="Batch">The batch in the same shape: wider than the one collated where an effect added positions, nodes or edges.</param>
public sealed record Embedded(Tensor Inputs, ModelBatch Batch);
