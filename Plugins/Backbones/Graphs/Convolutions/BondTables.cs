using static TorchSharp.torch;

namespace DeltaTune.Backbones.Graphs;

/// <summary>The two tables that a molecule's convolution embeds bonds with.</summary>
/// <param name="types">Holds <c>[types, features]</c>.</param>
/// <param name="directions">Holds <c>[directions, features]</c>.</param>
internal sealed class BondTables(WeightNode types, WeightNode directions)
{
    /// <summary>Finds the tables of a convolution; null where it has none.</summary>
    public static BondTables? Of(string convolution, IReadOnlyDictionary<string, WeightNode> nodes)
        => nodes.TryGetValue(convolution + ".edge_embedding1", out WeightNode? types) ? new BondTables(types, nodes[convolution + ".edge_embedding2"]) : null;

    /// <inheritdoc cref="GraphEdges.AddBonds"/>
    public void AddTo(Tensor sums, GraphEdges edges) => edges.AddBonds(sums, types.Weight, directions.Weight);

    /// <inheritdoc cref="GraphEdges.SumBonds"/>
    public Tensor Sum(GraphEdges edges) => edges.SumBonds(types.Weight, directions.Weight);

    /// <summary>The rows of both tables.</summary>
    /// <returns>A new tensor <c>[types + directions, features]</c>.</returns>
    public Tensor Rows() => cat([types.Weight, directions.Weight], 0);
}
