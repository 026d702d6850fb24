using DeltaTune.Batches;
using static TorchSharp.torch;

namespace DeltaTune.Backbones.Graphs;

/// <summary>What the layers of one pass share of its edges. Its tensors live in the dispose scope of the pass.</summary>
internal sealed class GraphEdges
{
    /// <summary>The type of the bond from an atom to itself; its direction is 0 (pretrain-gnns, chem/model.py).</summary>
    public const int SelfLoopType = 4;

    private readonly Tensor _sources, _targets; // int64 [edges]
    private readonly Tensor? _bonds;            // float [nodes, types + directions]; null where edges carry nothing

    /// <param name="batch">The batch as the layers see it.</param>
    /// <param name="inputs">The nodes' embeddings <c>[nodes, features]</c>: their number and type.</param>
    /// <param name="categories">How many bond types and directions there are; empty where edges carry nothing.</param>
    public GraphEdges(GraphBatch batch, Tensor inputs, IReadOnlyList<long> categories)
    {
        (_sources, _targets) = (batch.EdgeIndex.select(0, 0), batch.EdgeIndex.select(0, 1));
        _bonds = categories.Count == 0 ? null : Count(batch, inputs, categories[0], categories[1]);
    }

    /// <summary>Adds to every node what its neighbours hold: x_i + Σ x_j over the edges j -> i.</summary>
    /// <param name="own">Each node's own share, <c>[nodes, features]</c>. Not disposed.</param>
    /// <param name="sent">What each node sends to its neighbours, the same shape. Not disposed.</param>
    /// <returns>A new tensor of the same shape.</returns>
    public Tensor AddNeighbours(Tensor own, Tensor sent)
    {
        using Tensor messages = sent.index_select(0, _sources);                      // [edges, features]
        return own.index_add(0, _targets, messages, 1);
    }

    /// <summary>Adds the embeddings of the bonds that end at each node, its own self-loop among them, in place.</summary>
    /// <param name="sums"><c>[nodes, features]</c>, changed.</param>
    /// <param name="types">The table of bond types, <c>[types, features]</c>.</param>
    /// <param name="directions">The table of bond directions, <c>[directions, features]</c>.</param>
    /// <remarks>Σ over a node's edges of type + direction is its count of each, times the tables: one small product instead of a vector an edge.</remarks>
    public void AddBonds(Tensor sums, Tensor types, Tensor directions)
    {
        using Tensor tables = cat([types, directions], 0);                           // [types + directions, features]
        sums.addmm_(_bonds!, tables, 1, 1);
    }

    // How many edges of each type, and of each direction, end at a node. A self-loop stands at every node.
    private static Tensor Count(GraphBatch batch, Tensor inputs, long types, long directions)
    {
        long nodes = inputs.size(0), width = types + directions;
        Tensor counts = zeros([nodes * width], dtype: inputs.dtype, device: inputs.device);
        if (batch.Edges is { } edges && edges.size(0) > 0)
        {
            Tensor row = batch.EdgeIndex.select(0, 1) * width;
            Tensor cells = cat([row + edges.select(1, 0), row + types + edges.select(1, 1)], 0);
            counts.index_add_(0, cells, ones([cells.size(0)], dtype: counts.dtype, device: counts.device), 1);
        }

        counts = counts.view(nodes, width);
        counts.select(1, SelfLoopType).add_(1);
        counts.select(1, types).add_(1);
        return counts;
    }
}
