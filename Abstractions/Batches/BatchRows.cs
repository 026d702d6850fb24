using TorchSharp.Utils;
using static TorchSharp.torch;

namespace DeltaTune.Batches;

/// <summary>Batches of some of another's rows, or of its rows several times.</summary>
internal static class BatchRows
{
    /// <summary>Takes rows.</summary>
    /// <param name="batch">Not disposed.</param>
    /// <param name="rows">Ascending.</param>
    /// <returns>A batch whose tensors belong to the current dispose scope; of a kind not known here, the batch itself.</returns>
    public static ModelBatch Take(ModelBatch batch, long[] rows) => batch switch
    {
        TextBatch text => Take(text, rows),
        GraphBatch graphs => Take(graphs, rows),
        _ => batch,
    };

    /// <summary>Puts all rows several times one after the other: first each row once, then each again.</summary>
    /// <param name="batch">Not disposed.</param>
    /// <param name="times">1 or more.</param>
    /// <returns>A batch whose tensors belong to the current dispose scope.</returns>
    /// <exception cref="NotSupportedException">The batch is of a kind not known here.</exception>
    public static ModelBatch Repeat(ModelBatch batch, int times) => batch switch
    {
        TextBatch text => Take(text, [.. Enumerable.Range(0, times).SelectMany(_ => Enumerable.Range(0, (int)text.Rows).Select(r => (long)r))]),
        GraphBatch graphs => Repeat(graphs, times),
        _ => throw new NotSupportedException($"rows of a {batch.GetType().Name} cannot be repeated"),
    };

    /// <summary>Reads row or place numbers from the device.</summary>
    /// <param name="index">int64 <c>[count]</c>. Not disposed.</param>
    public static long[] Numbers(Tensor index)
    {
        using Tensor here = index.cpu();
        using Tensor whole = here.contiguous();
        using TensorAccessor<long> values = whole.data<long>();
        return values.ToArray();
    }

    private static TextBatch Take(TextBatch text, long[] rows)
    {
        Tensor index = tensor(rows, device: text.InputIds.device);
        (Tensor? positions, Tensor? labels) = Masks(text, rows);
        return text with
        {
            InputIds = text.InputIds.index_select(0, index),
            AttentionMask = text.AttentionMask.index_select(0, index),
            TokenTypeIds = text.TokenTypeIds?.index_select(0, index),
            SoftIds = text.SoftIds?.index_select(0, index),
            TaskIds = text.TaskIds?.index_select(0, index),
            MaskPositions = positions,
            MaskLabels = labels,
            Target = text.Target is { } target ? Take(target, rows) : null,
            RowDeltas = text.RowDeltas is { } names ? [.. rows.Select(r => names[(int)r])] : null,
        };
    }

    // row · seq + column, of the rows taken, in their new order
    private static (Tensor? Positions, Tensor? Labels) Masks(TextBatch text, long[] rows)
    {
        if (text.MaskPositions is not { } masks)
        {
            return (null, null);
        }

        ILookup<long, (long Column, long Number)> ofRow = Numbers(masks).Select((m, i) => (m, i)).ToLookup(m => m.m / text.Length, m => (m.m % text.Length, (long)m.i));
        (long Position, long Number)[] taken = [.. rows.SelectMany((row, i) => ofRow[row].Select(m => ((i * text.Length) + m.Column, m.Number)))];
        Tensor numbers = tensor([.. taken.Select(t => t.Number)], dtype: ScalarType.Int64, device: masks.device);
        return (tensor([.. taken.Select(t => t.Position)], dtype: ScalarType.Int64, device: masks.device), text.MaskLabels?.index_select(0, numbers));
    }

    private static GraphBatch Take(GraphBatch graphs, long[] rows)
    {
        Device device = graphs.NodeGraph.device;
        long[] owners = GraphRows.OfRows(graphs), taken = [.. rows.Select(row => owners[row]).Distinct()];
        Tensor place = full([graphs.Graphs], -1, dtype: ScalarType.Int64, device: device)
            .index_copy(0, tensor(taken, device: device), arange(taken.Length, dtype: ScalarType.Int64, device: device)); // by graph: its new number
        Tensor owner = place.index_select(0, graphs.NodeGraph);                              // [nodes]
        Tensor nodes = owner.ge(0).nonzero().flatten();                                      // those kept
        Tensor moved = full([graphs.NodeGraph.size(0)], -1, dtype: ScalarType.Int64, device: device)
            .index_copy(0, nodes, arange(nodes.size(0), dtype: ScalarType.Int64, device: device));
        Tensor ends = moved.index_select(0, graphs.EdgeIndex.flatten()).view(2, -1);         // [2, edges]
        Tensor edges = ends.select(0, 0).ge(0).nonzero().flatten();                          // both ends are in one graph
        return graphs with
        {
            Nodes = graphs.Nodes.index_select(0, nodes),
            EdgeIndex = ends.index_select(1, edges),
            Edges = graphs.Edges?.index_select(0, edges),
            Texts = graphs.Texts is { } texts ? texts with { Rows = texts.Rows.index_select(0, nodes) } : null,
            NodeGraph = owner.index_select(0, nodes),
            Graphs = taken.Length,
            ReadNodes = graphs.ReadNodes is { } read ? moved.index_select(0, read.index_select(0, tensor(rows, device: device))) : null,
            ReadRelations = graphs.ReadRelations?.index_select(0, tensor(rows, device: device)),
            RowDeltas = graphs.RowDeltas is { } names ? [.. rows.Select(r => names[(int)r])] : null,
        };
    }

    private static GraphBatch Repeat(GraphBatch graphs, int times)
    {
        long nodes = graphs.NodeGraph.size(0);
        return graphs with
        {
            Nodes = cat([.. Enumerable.Repeat(graphs.Nodes, times)], 0),
            EdgeIndex = cat([.. Enumerable.Range(0, times).Select(i => graphs.EdgeIndex + (i * nodes))], 1),
            Edges = graphs.Edges is { } edges ? cat([.. Enumerable.Repeat(edges, times)], 0) : null,
            Texts = graphs.Texts is { } texts ? texts with { Rows = cat([.. Enumerable.Repeat(texts.Rows, times)], 0) } : null,
            NodeGraph = cat([.. Enumerable.Range(0, times).Select(i => graphs.NodeGraph + (i * graphs.Graphs))], 0),
            Graphs = graphs.Graphs * times,
            ReadNodes = graphs.ReadNodes is { } read ? cat([.. Enumerable.Range(0, times).Select(i => read + (i * nodes))], 0) : null,
            ReadRelations = graphs.ReadRelations?.repeat(times),
            RowDeltas = graphs.RowDeltas is { } names ? [.. Enumerable.Repeat(names, times).SelectMany(n => n)] : null,
        };
    }
}
