namespace DeltaTune.Backbones.Transformers;

/// <summary>One tensor that a network needs.</summary>
/// <param name="Name">Its name in the checkpoint, ending in <c>.weight</c> or <c>.bias</c>.</param>
/// <param name="Path">The common path: that of the tensor's owner with <c>.weight</c> or <c>.bias</c>.</param>
/// <param name="Layer">The layer number; null outside the layers.</param>
/// <param name="Shape">Its sizes.</param>
/// <param name="Start">What an untrained network starts from.</param>
internal sealed record WeightSpec(string Name, string Path, int? Layer, long[] Shape, WeightStart Start)
{
    public string Owner => Name[..Name.LastIndexOf('.')];

    public bool IsBias => Name.EndsWith(".bias", StringComparison.Ordinal);
}
