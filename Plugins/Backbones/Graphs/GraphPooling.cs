namespace DeltaTune.Backbones.Graphs;

/// <summary>How node states become one vector a graph.</summary>
public enum GraphPooling
{
    /// <summary>Their mean.</summary>
    Mean,

    /// <summary>Their sum.</summary>
    Sum,

    /// <summary>The largest value of each feature.</summary>
    Max,
}
