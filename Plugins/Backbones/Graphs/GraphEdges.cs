using DeltaTune.Batches;
using static TorchSharp.torch;

namespace DeltaTune.Backbones.Graphs;

/// <summary>What the layers of one pass share of its edges. Its tensors live in the dispose scope of the pass.</summary>
internal sealed class GraphEdges
{
    private readonly Tensor _sources, _targets; // int64 [edges]
    private readonly Tensor? _bonds;            // float [nodes, types + directions]; null where edges carry nothing

    /// <param name="batch">The batch as the layers see it.</param>
    /// <param name="nodes">How many nodes there are.</param>
    /// <param name="categories">How many bond types and directions there are; empty where edges carry nothing.</param>
    public GraphEdges(GraphBatch batch, long nodes, IReadOnlyList<long> categories)
    {
        (_sources, _targets) = (batch.EdgeIndex.select(0, 0), batch.EdgeIndex.select(0, 1));
        _bonds = categories.Count == 0 ? null : Count(batch, nodes, categories[0], categories[1]);
    }

    /// <summary>Adds to every node what its neighbours hold: x_i + Σ x_j over the edges j -> i.</summary>
    /// <param name="states"><c>[nodes, features]</c>, each node's own share. Not disposed.</param>
    /// <param name="own">What the nodes send, the same shape.</param>
    /// <returns>A new tensor of the same shape.</returns>
    public Tensor AddNeighbours(Tensor states, Tensor own)
        => states.index_add(0, _targets, own.index_select(0, _sources), 1);

    /// <summary>Adds the embeddings of the bonds that end at each node, its own self-loop among them.</summary>
    /// <param name="sums"><c>[nodes, features]</c>. Not disposed.</param>
    /// <param name="types">The table of bond types, <c>[types, features]</c>.</param>
    /// <param name="directions">The table of bond directions, <c>[directions, features]</c>.</param>
    /// <returns>A new tensor <c>[nodes, features]</c>.</returns>
    /// <remarks>Σ over a node's edges of type + direction is its count of each, times the tables: one small product instead of a vector an edge.</remarks>
    public Tensor AddBonds(Tensor sums, Tensor types, Tensor directions)
        => addmm(sums, _bonds!, cat([types, directions], 0), 1, 1);

    // How many edges of each type, and of each direction, end at a node. A self-loop of type 4 and direction 0 stands at every node (pretrain-gnns, chem/model.py).
    private static Tensor Count(GraphBatch batch, long nodes, long types, long directions)
    {
        const long selfLoop = 4;
        long width = types + directions;
        Tensor counts = zeros([nodes * width], device: batch.Nodes.device);
        if (batch.Edges is { } edges && edges.size(0) > 0)
        {
            Tensor row = batch.EdgeIndex.select(0, 1) * width;
            Tensor cells = cat([row + edges.select(1, 0), row + types + edges.select(1, 1)], 0);
            counts.index_add_(0, cells, ones([cells.size(0)], device: counts.device), 1);
        }

        counts = counts.view(nodes, width);
        counts.select(1, selfLoop).add_(1);
        counts.select(1, types).add_(1);
        return counts;
    }
}
