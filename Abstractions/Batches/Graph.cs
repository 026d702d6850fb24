namespace DeltaTune.Batches;

/// <summary>One graph: nodes with features, directed edges with or without features.</summary>
/// <param name="NodeCount">How many nodes there are; they are numbered from 0.</param>
/// <param name="Nodes">A row of features a node.</param>
/// <param name="Sources">The source node of each edge.</param>
/// <param name="Targets">The target node of each edge. Messages go from source to target; an undirected edge stands twice.</param>
/// <param name="Edges">A row of features an edge; null without edge features.</param>
public sealed record Graph(int NodeCount, FeatureTable Nodes, int[] Sources, int[] Targets, FeatureTable? Edges = null)
{
    /// <summary>Gets how many of a node's neighbours a batch takes, for a graph that is too large to be taken whole and is asked about at nodes.</summary>
    /// <value>The default, null, takes the whole graph.</value>
    public NeighbourSampling? Sampling { get; init; }

    /// <summary>Gets the text of each node, for networks that read what nodes say; as many as there are nodes, or null without.</summary>
    public IReadOnlyList<string>? Texts { get; init; }

    /// <summary>Takes a part: some nodes, and some of the edges between them, with what they carry.</summary>
    /// <param name="nodes">Each once; the place in the list is the node's number in the part.</param>
    /// <param name="edges">Numbers of edges whose ends are both among the nodes, in the order that they are to have.</param>
    /// <returns>A graph of its own, to be taken whole.</returns>
    /// <exception cref="KeyNotFoundException">An edge ends at a node that is not among them.</exception>
    /// <exception cref="ArgumentException">A node stands twice.</exception>
    public Graph Part(IReadOnlyList<int> nodes, IReadOnlyCollection<int> edges)
    {
        ArgumentNullException.ThrowIfNull(nodes);
        ArgumentNullException.ThrowIfNull(edges);
        var places = new Dictionary<int, int>(nodes.Count);
        for (int i = 0; i < nodes.Count; i++)
        {
            places.Add(nodes[i], i);
        }

        return new Graph(nodes.Count, Nodes.Take(nodes), [.. edges.Select(e => places[Sources[e]])], [.. edges.Select(e => places[Targets[e]])], Edges?.Take(edges))
        {
            Texts = Texts is { } texts ? [.. nodes.Select(node => texts[node])] : null,
        };
    }
}
