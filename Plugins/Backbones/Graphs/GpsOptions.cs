using System.ComponentModel.DataAnnotations;

namespace DeltaTune.Backbones.Graphs;

/// <summary>Settings of the <c>gps</c> backbone, which reads features of nodes: its scheme is <c>features</c>.</summary>
public sealed record GpsOptions : GraphNetworkOptions
{
    /// <summary>Gets the message passing of each layer.</summary>
    /// <value>The default is <c>gin</c>.</value>
    public GpsLocal Local { get; init; }

    /// <summary>Gets the number of attention heads, which no checkpoint tells.</summary>
    /// <value>1 or more; it divides the hidden size. The default is 4, as in Rampášek et al. 2022, table A.2, for ZINC.</value>
    [Range(1, 1024)]
    public int Heads { get; init; } = 4;

    /// <summary>Gets what a node is told of its place in its graph.</summary>
    /// <value>The default is nothing. Random walks and eigenvectors are computed once a graph, in time that grows with the cube of its nodes.</value>
    public GraphEncoding Encoding { get; init; }

    /// <summary>Gets how many steps the walks have, or how many eigenvectors there are.</summary>
    /// <value>1 or more. The default is 16; Rampášek et al. 2022 take 16 to 20 steps and 8 to 16 eigenvectors.</value>
    [Range(1, 1000)]
    public int EncodingSize { get; init; } = 16;

    /// <summary>Gets how many numbers an edge of an untrained network with <c>gine</c> carries.</summary>
    /// <value>1 or more. The default, null, is the hidden size.</value>
    [Range(1, 65536)]
    public int? EdgeFeatures { get; init; }
}
