using DeltaTune.Batches;
using TorchSharp;
using TorchSharp.Utils;
using static TorchSharp.torch;

namespace DeltaTune.Backbones.TextGraphs;

/// <summary>Reads a vector for each node out of a text backbone.</summary>
internal sealed class NodeVectors
{
    private readonly Backbone _text;
    private readonly ReadOut _reads;

    /// <param name="text">Runs the texts.</param>
    /// <param name="reading">What is read of them.</param>
    /// <exception cref="InvalidRunException">The backbone has no such read-out.</exception>
    public NodeVectors(Backbone text, NodeReading reading)
    {
        (_text, _reads) = (text, new ReadOut(reading switch { NodeReading.Pooled => ReadOutKind.Pooled, NodeReading.Mask => ReadOutKind.MaskStates, _ => ReadOutKind.States }));
        if (!text.ReadOuts.Contains(_reads.Kind))
        {
            throw new InvalidRunException("read", $"must be what the text backbone has weights for, but '{text.Description.Family}' offers {string.Join(", ", text.ReadOuts)} alone; 'mean' would do");
        }
    }

    /// <summary>The vectors of a batch's nodes.</summary>
    /// <param name="graphs">With texts. Not disposed.</param>
    /// <returns>A new tensor <c>[nodes, hidden]</c>.</returns>
    /// <exception cref="InvalidOperationException">The batch has no texts.</exception>
    public Tensor Of(GraphBatch graphs)
    {
        NodeTexts texts = graphs.Texts ?? throw new InvalidOperationException("a batch of graphs must carry its nodes' texts, as this backbone's own encoder gives them, but has none");
        using DisposeScope scope = NewDisposeScope();
        return (graphs.RowDeltas is { } names ? Routed(texts, graphs, names) : Read(texts, null).index_select(0, texts.Rows)).MoveToOuterDisposeScope();
    }

    // A text goes through the delta of the graph that it stands in, so that each text is read once for each delta.
    private Tensor Routed(NodeTexts texts, GraphBatch graphs, IReadOnlyList<string?> names)
    {
        string?[] distinct = [.. names.Distinct()];
        Tensor vectors = cat([.. distinct.Select(name => Read(texts, name, routed: true))], 0);             // [deltas · texts, hidden]
        long each = vectors.size(0) / distinct.Length;
        using Tensor here = graphs.NodeGraph.cpu();
        using TensorAccessor<long> owners = here.data<long>();
        long[] first = [.. owners.ToArray().Select(graph => Array.IndexOf(distinct, names[(int)(graph * names.Count / graphs.Graphs)]) * each)];
        return vectors.index_select(0, texts.Rows + tensor(first, device: texts.Rows.device));
    }

    // All different texts once: [texts, hidden].
    private Tensor Read(NodeTexts texts, string? name, bool routed = false)
        => cat([.. texts.Chunks.Select(chunk => Read(routed ? chunk with { RowDeltas = [.. Enumerable.Repeat(name, (int)chunk.Rows)] } : chunk))], 0);

    private Tensor Read(TextBatch chunk)
    {
        using DisposeScope scope = NewDisposeScope();
        Hidden hidden = _text.Run(chunk, _reads.Kind);
        using IDisposable context = ForwardContext.Enter(hidden.Batch);
        Tensor read = _text.Read(hidden, _reads);
        return (_reads.Kind == ReadOutKind.States ? Mean(read, ((TextBatch)hidden.Batch).AttentionMask) : read).MoveToOuterDisposeScope();
    }

    // Over tokens, and what deltas put before them: [texts, seq, hidden] -> [texts, hidden]
    private static Tensor Mean(Tensor states, Tensor mask)
    {
        Tensor seen = mask.to(states.dtype).unsqueeze(2);
        return (states * seen).sum(dim: 1) / seen.sum(dim: 1);
    }
}
