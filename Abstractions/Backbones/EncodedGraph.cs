using DeltaTune.Batches;

namespace DeltaTune.Backbones;

/// <summary>One graph, ready to be collated.</summary>
/// <param name="Graph">The graph with the backbone's features.</param>
/// <param name="ReadNode">The node to read out at, for tasks on nodes; null for the whole graph.</param>
public sealed record EncodedGraph(Graph Graph, int? ReadNode = null) : EncodedInput
{
    /// <inheritdoc/>
    public override int Length => Graph.NodeCount;
}
