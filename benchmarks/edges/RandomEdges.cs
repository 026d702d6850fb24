using DeltaTune.Batches;
using TorchSharp;
using static TorchSharp.torch;

namespace DeltaTune.Benchmarks.Edges;

/// <summary>Makes one graph of random edges.</summary>
internal static class RandomEdges
{
    /// <summary>Edges a node.</summary>
    public const int Degree = 8;

    private const int Window = 32; // how far off a near neighbour is at most

    /// <summary>Makes the graph.</summary>
    /// <param name="edges">How many.</param>
    /// <param name="width">Numbers a node.</param>
    /// <param name="neighbours">Where they are.</param>
    public static GraphBatch Make(long edges, int width, Neighbours neighbours)
    {
        using DisposeScope scope = NewDisposeScope();
        manual_seed(1).Dispose();
        long nodes = edges / Degree;
        Tensor targets = arange(edges, ScalarType.Int64).div_(Degree, RoundingMode.floor);                                     // [edges]
        Tensor sources = neighbours == Neighbours.Far
            ? randint(nodes, [edges], dtype: ScalarType.Int64)
            : (targets + randint(-Window, Window + 1, [edges], dtype: ScalarType.Int64)).clamp_(0, nodes - 1);
        if (neighbours == Neighbours.Hub)
        {
            targets.narrow(0, 0, edges / 10).fill_(nodes / 2);
        }

        return new GraphBatch
        {
            Nodes = randn([nodes, width], requires_grad: true).DetachFromDisposeScope(), // so that gradients flow back along the edges
            EdgeIndex = stack([sources, targets]).DetachFromDisposeScope(),
            NodeGraph = zeros([nodes], ScalarType.Int64).DetachFromDisposeScope(),
            Graphs = 1,
        };
    }
}
