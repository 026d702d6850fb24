using DeltaTune.Batches;

namespace DeltaTune.Backbones;

/// <summary>One graph, ready to be collated.</summary>
/// <param name="Graph">The graph with the backbone's features.</param>
/// <param name="ReadNode">The node to read out at, for tasks on nodes; null for the whole graph.</param>
public sealed record EncodedGraph(Graph Graph, int? ReadNode = null) : EncodedInput
{
    /// <summary>Gets the relation that is asked about; null for none.</summary>
    public int? ReadRelation { get; init; }

    /// <summary>Gets the numbers of the edges that a batch to be trained on leaves out, since they give the answer away.</summary>
    public IReadOnlyList<int> HiddenEdges { get; init; } = [];

    /// <inheritdoc/>
    public override int Length => Graph.NodeCount;
}
