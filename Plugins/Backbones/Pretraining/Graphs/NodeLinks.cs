namespace DeltaTune.Backbones.Pretraining.Graphs;

/// <summary>Nodes, and for each one that it has an edge to and others that it has none to.</summary>
/// <param name="Rows">What the network reads.</param>
/// <param name="Firsts">The nodes: their places among the rows' nodes, or among the rows where those ask about nodes.</param>
/// <param name="Linked">For each the one with an edge.</param>
/// <param name="Others">For each those without, one after the other.</param>
internal sealed record NodeLinks(IReadOnlyList<EncodedGraph> Rows, long[] Firsts, long[] Linked, long[] Others);
