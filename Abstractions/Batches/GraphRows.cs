using System.Runtime.CompilerServices;
using static TorchSharp.torch;

namespace DeltaTune.Batches;

/// <summary>Which graph of a batch a node or a row belongs to, read from the device once a batch.</summary>
internal static class GraphRows
{
    private static readonly ConditionalWeakTable<GraphBatch, long[]> Nodes = [], Rows = [];

    /// <summary>The graph of each node.</summary>
    public static long[] OfNodes(GraphBatch batch) => Nodes.GetValue(batch, b => BatchRows.Numbers(b.NodeGraph));

    /// <summary>The graph of each row: that of the node where it reads out, or, of a task on whole graphs, its own.</summary>
    public static long[] OfRows(GraphBatch batch) => Rows.GetValue(batch, b =>
    {
        if (b.ReadNodes is not { } read)
        {
            return [.. Enumerable.Range(0, (int)b.Graphs).Select(g => (long)g)];
        }

        using Tensor owners = b.NodeGraph.index_select(0, read);
        return BatchRows.Numbers(owners);
    });
}
