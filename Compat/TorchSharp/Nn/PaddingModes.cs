namespace TorchSharp;

/// <summary>What padding is filled with.</summary>
public enum PaddingModes
{
    /// <summary>Zeros.</summary>
    Zeros = 0,

    /// <summary>The tensor mirrored at its edge.</summary>
    Reflect = 1,

    /// <summary>The edge repeated.</summary>
    Replicate = 2,

    /// <summary>The other end.</summary>
    Circular = 3,

    /// <summary>A given value.</summary>
    Constant = 4,
}
