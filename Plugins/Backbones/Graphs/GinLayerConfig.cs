namespace DeltaTune.Backbones.Graphs;

/// <summary>One layer as its checkpoint has it.</summary>
/// <param name="Convolution">The convolution's path: <c>gnn.gnns.0</c>.</param>
/// <param name="Maps">The linear maps of its network, one or more.</param>
/// <param name="Norm">The path of the batch norm after the convolution, or null.</param>
/// <param name="HasEpsilon">Whether the checkpoint has an ε.</param>
internal sealed record GinLayerConfig(string Convolution, IReadOnlyList<GinMapConfig> Maps, string? Norm, bool HasEpsilon)
{
    public long In => Maps[0].In;

    public long Out => Maps[^1].Out;
}
