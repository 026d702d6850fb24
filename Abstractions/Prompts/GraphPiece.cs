using DeltaTune.Batches;

namespace DeltaTune.Prompts;

/// <summary>A graph.</summary>
/// <param name="Graph">The example's graph, with whatever nodes and edges the template added.</param>
/// <param name="ReadNode">The node that the example asks about; null for the whole graph.</param>
public sealed record GraphPiece(Graph Graph, int? ReadNode = null) : PromptPiece
{
    /// <summary>Gets the relation that the example asks about; null for none.</summary>
    public int? ReadRelation { get; init; }

    /// <summary>Gets the numbers of the edges that a batch to be trained on leaves out, since they give the answer away.</summary>
    public IReadOnlyList<int> HiddenEdges { get; init; } = [];
}
