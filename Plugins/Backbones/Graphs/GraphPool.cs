using DeltaTune.Batches;
using TorchSharp;
using static TorchSharp.torch;

namespace DeltaTune.Backbones.Graphs;

/// <summary>Makes one vector a graph out of node states.</summary>
internal static class GraphPool
{
    /// <summary>Pools over each graph, or picks the nodes that a task asks about.</summary>
    /// <param name="states"><c>[nodes, hidden]</c>. Not disposed.</param>
    /// <param name="batch">Says whose the nodes are.</param>
    /// <param name="kind">How.</param>
    /// <returns>A new tensor <c>[rows, hidden]</c>.</returns>
    public static Tensor Pool(Tensor states, GraphBatch batch, GraphPooling kind)
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor pooled = batch.ReadNodes is { } read ? states.index_select(0, read)
            : kind == GraphPooling.Max ? Largest(states, batch)
            : kind == GraphPooling.Sum ? Sum(states, batch)
            : Sum(states, batch) / Counts(batch).clamp(1).unsqueeze(1).to(states.dtype);
        return pooled.MoveToOuterDisposeScope();
    }

    private static Tensor Sum(Tensor states, GraphBatch batch)
        => zeros([batch.Graphs, states.size(1)], dtype: states.dtype, device: states.device).index_add_(0, batch.NodeGraph, states, 1);

    private static Tensor Counts(GraphBatch batch) // nodes of each graph, int64 [graphs]
        => zeros([batch.Graphs], dtype: ScalarType.Int64, device: batch.NodeGraph.device).index_add_(0, batch.NodeGraph, ones_like(batch.NodeGraph), 1);

    // Every graph's nodes in a row of its own, -inf where it has fewer than the largest. Among equal largest values the gradient is shared, as in PyG.
    private static Tensor Largest(Tensor states, GraphBatch batch)
    {
        Tensor counts = Counts(batch);
        long widest = counts.max().item<long>(), hidden = states.size(1);
        Tensor starts = counts.cumsum(0) - counts;                                                          // [graphs]
        Tensor place = arange(states.size(0), ScalarType.Int64, states.device) - starts.index_select(0, batch.NodeGraph); // [nodes], within its graph
        Tensor rows = full([batch.Graphs * widest, hidden], double.NegativeInfinity, states.dtype, states.device)
            .index_copy(0, (batch.NodeGraph * widest) + place, states);
        return rows.view(batch.Graphs, widest, hidden).amax([1]);                                           // [graphs, hidden]
    }
}
