namespace DeltaTune.Backbones.Tokenizers;

/// <summary>Removes the blanks that joining word tokens leaves before punctuation and English contractions.</summary>
/// <remarks>Source: the replacements of transformers' <c>clean_up_tokenization</c>, in its order.</remarks>
internal static class SpaceCleaner
{
    private static readonly (string From, string To)[] Replacements =
    [
        (" .", "."), (" ?", "?"), (" !", "!"), (" ,", ","), (" ' ", "'"), (" n't", "n't"), (" 'm", "'m"), (" 's", "'s"), (" 've", "'ve"), (" 're", "'re"),
    ];

    public static string Clean(string text) =>
        Replacements.Aggregate(text, (current, pair) => current.Replace(pair.From, pair.To, StringComparison.Ordinal));
}
