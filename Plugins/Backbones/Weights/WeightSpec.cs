namespace DeltaTune.Backbones.Weights;

/// <summary>One tensor that a network needs.</summary>
/// <param name="Name">Its name in the checkpoint, ending in <c>.weight</c>, <c>.bias</c> or another word.</param>
/// <param name="Path">The common path: that of the tensor's owner with the same last word.</param>
/// <param name="Layer">The layer number; null outside the layers.</param>
/// <param name="Shape">Its sizes.</param>
/// <param name="Start">What an untrained network starts from.</param>
internal sealed record WeightSpec(string Name, string Path, int? Layer, long[] Shape, WeightStart Start)
{
    public string Owner => Name[..Name.LastIndexOf('.')];

    public string Leaf => Name[(Name.LastIndexOf('.') + 1)..];

    public bool IsBias => Leaf == "bias";

    /// <summary>Gets whether it is state that no optimiser moves, such as a norm's running mean.</summary>
    public bool IsBuffer { get; init; }
}
