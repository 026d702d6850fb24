using static TorchSharp.torch;

namespace DeltaTune.Backbones.Graphs;

/// <summary>The nodes of each graph side by side, as many places a graph as the largest has nodes. Its tensors live in the dispose scope of the pass.</summary>
internal sealed class DenseNodes
{
    private readonly long _graphs;
    private readonly Tensor _cells, _places; // int64 [nodes]

    /// <param name="graphs">The graphs with their nodes, in ascending order.</param>
    /// <param name="owners">Whose each node is, int64 <c>[nodes]</c>.</param>
    /// <param name="like">Has the type and device of the states.</param>
    public DenseNodes(Segments graphs, Tensor owners, Tensor like)
    {
        Tensor counts = graphs.Counts;                                                           // [graphs]
        (_graphs, Width) = (counts.size(0), counts.max().item<long>());
        _places = arange(owners.size(0), ScalarType.Int64, owners.device) - (counts.cumsum(0) - counts).index_select(0, owners);
        _cells = _places + (owners * Width);
        Tensor taken = arange(Width, ScalarType.Int64, owners.device).unsqueeze(0).lt(counts.unsqueeze(1)); // [graphs, width]
        Mask = zeros([_graphs, 1, 1, Width], dtype: like.dtype, device: like.device).masked_fill(taken.logical_not().view(_graphs, 1, 1, Width), double.NegativeInfinity);
    }

    /// <summary>Gets how many places a graph has.</summary>
    public long Width { get; }

    /// <summary>Gets 0 where a place has a node, else -inf, <c>[graphs, 1, 1, width]</c>.</summary>
    public Tensor Mask { get; }

    /// <summary>Puts nodes in their places.</summary>
    /// <param name="states"><c>[nodes, features]</c>. Not disposed.</param>
    /// <returns>A new tensor <c>[graphs, width, features]</c>, 0 where there is no node.</returns>
    public Tensor Place(Tensor states)
        => zeros([_graphs * Width, states.size(1)], dtype: states.dtype, device: states.device).index_copy(0, _cells, states).view(_graphs, Width, states.size(1));

    /// <summary>Takes nodes from their places.</summary>
    /// <param name="placed"><c>[graphs, width, features]</c>. Not disposed.</param>
    /// <returns>A new tensor <c>[nodes, features]</c>.</returns>
    public Tensor Take(Tensor placed) => placed.reshape(_graphs * Width, placed.size(2)).index_select(0, _cells);
}
