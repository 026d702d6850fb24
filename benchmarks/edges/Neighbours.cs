namespace DeltaTune.Benchmarks.Edges;

/// <summary>Where the neighbours of a node are.</summary>
internal enum Neighbours
{
    /// <summary>Close by in the order of nodes, as where many small graphs stand in a batch.</summary>
    Near,

    /// <summary>Anywhere.</summary>
    Far,

    /// <summary>Close by, but for a tenth of all edges, which end at one node.</summary>
    Hub,
}
