using System.ComponentModel.DataAnnotations;

namespace DeltaTune.Backbones;

/// <summary>How prompts are cut to length.</summary>
public sealed record EncodingOptions
{
    /// <summary>Gets the longest row, special tokens included, in tokens.</summary>
    /// <value>4 or more. The default is 128; a backbone's own limit is kept too.</value>
    [Range(4, int.MaxValue)]
    public int MaxLength { get; init; } = 128;

    /// <summary>Gets where tokens are cut from a prompt that is too long. Only shortenable pieces are cut.</summary>
    /// <value>The default is <see cref="Truncation.Tail"/>, as in OpenPrompt.</value>
    public Truncation Truncation { get; init; } = Truncation.Tail;

    /// <summary>Gets whether <see cref="Truncation.Head"/> cuts as OpenPrompt 1.0 does: from the first piece on, but at each piece's end.</summary>
    /// <value>The default is false: starts are cut.</value>
    public bool OpenPromptHead { get; init; }
}
