using DeltaTune.Batches;

namespace DeltaTune.Prompts;

/// <summary>A graph.</summary>
/// <param name="Graph">The example's graph, with whatever nodes and edges the template added.</param>
/// <param name="ReadNode">The node that the example asks about; null for the whole graph.</param>
public sealed record GraphPiece(Graph Graph, int? ReadNode = null) : PromptPiece;
