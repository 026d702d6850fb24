using DeltaTune.Text;

namespace DeltaTune.Backbones.Tokenizers;

/// <summary>What tokenizers have besides their vocabulary and rule.</summary>
/// <param name="Special">The special tokens.</param>
/// <param name="Added">The tokens found whole in text, special ones included.</param>
/// <param name="Template">Where special tokens go in a row.</param>
/// <param name="CleanUpSpaces">Whether decoding removes the blanks before punctuation.</param>
internal sealed record TokenizerTraits(SpecialTokens Special, IReadOnlyList<AddedToken> Added, SpecialTemplate Template, bool CleanUpSpaces);
