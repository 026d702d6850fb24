namespace DeltaTune.Backbones.Tokenizers;

/// <summary>Shortens a pair of texts to a number of tokens, cutting at the ends.</summary>
internal static class PairTruncation
{
    /// <summary>Takes one token after another from the longer text, from the second when both are as long ("longest first").</summary>
    /// <param name="first">The first text's length in tokens.</param>
    /// <param name="second">The second text's length in tokens, 0 for one text.</param>
    /// <param name="limit">The most tokens that both may have together.</param>
    /// <returns>The lengths to keep.</returns>
    public static (int First, int Second) LongestFirst(int first, int second, int limit)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(limit);
        int excess = Math.Max(0, first + second - limit);
        int level = Math.Min(excess, Math.Abs(first - second)); // tokens that the longer one loses alone
        (first, second) = first > second ? (first - level, second) : (first, second - level);
        excess -= level;
        return (first - (excess / 2), second - (excess - (excess / 2)));
    }

    /// <summary>Takes tokens from the first text alone ("only first"); where it has too few, nothing is cut, as in transformers.</summary>
    /// <param name="first">The first text's length in tokens.</param>
    /// <param name="second">The second text's length in tokens.</param>
    /// <param name="limit">The most tokens that both may have together.</param>
    /// <returns>The lengths to keep.</returns>
    public static (int First, int Second) OnlyFirst(int first, int second, int limit)
    {
        int excess = Math.Max(0, first + second - limit);
        return (excess < first ? first - excess : first, second);
    }
}
