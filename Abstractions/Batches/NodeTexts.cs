using static TorchSharp.torch;

namespace DeltaTune.Batches;

/// <summary>What the nodes of a batch of graphs say, as a text backbone reads it: each different text once.</summary>
public sealed record NodeTexts : IDisposable
{
    /// <summary>Gets the texts, in batches of similar lengths, the shortest first.</summary>
    public required IReadOnlyList<TextBatch> Chunks { get; init; }

    /// <summary>Gets the row of each node's text, counted through all the chunks one after the other, int64 <c>[nodes]</c>.</summary>
    public required Tensor Rows { get; init; }

    /// <summary>Frees the tensors.</summary>
    public void Dispose()
    {
        Rows.Dispose();
        foreach (TextBatch chunk in Chunks)
        {
            chunk.Dispose();
        }
    }
}
