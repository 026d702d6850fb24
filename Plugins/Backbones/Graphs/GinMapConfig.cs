namespace DeltaTune.Backbones.Graphs;

/// <summary>One linear map of a convolution's network.</summary>
/// <param name="Name">Its path in the checkpoint: <c>gnn.gnns.0.mlp.0</c>.</param>
/// <param name="Norm">The path of the batch norm after it, or null.</param>
/// <param name="In">What it reads, in features.</param>
/// <param name="Out">What it gives, in features.</param>
internal sealed record GinMapConfig(string Name, string? Norm, long In, long Out);
