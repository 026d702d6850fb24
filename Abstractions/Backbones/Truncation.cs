namespace DeltaTune.Backbones;

/// <summary>Where tokens are cut from a prompt that is too long.</summary>
public enum Truncation
{
    /// <summary>From the last shortenable piece backwards, at each piece's end.</summary>
    Tail,

    /// <summary>From the first shortenable piece on, at each piece's start.</summary>
    Head,

    /// <summary>From every shortenable piece, in proportion to its length.</summary>
    Balanced,
}
