namespace DeltaTune.Backbones.Text;

/// <summary>Cuts prompts to length: which tokens of which piece go.</summary>
/// <remarks>Source: the truncation rules of OpenPrompt 1.0 (Ding et al. 2022, arXiv:2111.01998), seen from outside: its rows for given lengths.</remarks>
internal static class TokenCutter
{
    /// <summary>Cuts pieces that may be cut until enough is gone or they are empty.</summary>
    /// <param name="pieces">The tokens of each piece; replaced where they are cut.</param>
    /// <param name="shortenable">Whether a piece may be cut.</param>
    /// <param name="excess">How many tokens must go.</param>
    /// <param name="options">Says where.</param>
    /// <returns>How many tokens went.</returns>
    public static int Cut(IReadOnlyList<int>[] pieces, bool[] shortenable, int excess, EncodingOptions options)
    {
        int[] cuts = options.Truncation switch
        {
            Truncation.Tail => InTurn(pieces, shortenable, excess, Enumerable.Range(0, pieces.Length).Reverse()),
            Truncation.Head => InTurn(pieces, shortenable, excess, Enumerable.Range(0, pieces.Length)),
            _ => Balanced(pieces, shortenable, excess),
        };
        bool starts = options.Truncation == Truncation.Head && !options.OpenPromptHead;
        for (int i = 0; i < pieces.Length; i++)
        {
            if (cuts[i] > 0)
            {
                pieces[i] = [.. starts ? pieces[i].Skip(cuts[i]) : pieces[i].SkipLast(cuts[i])];
            }
        }

        return cuts.Sum();
    }

    private static int[] InTurn(IReadOnlyList<int>[] pieces, bool[] shortenable, int excess, IEnumerable<int> order)
    {
        var cuts = new int[pieces.Length];
        foreach (int i in order.Where(i => shortenable[i]))
        {
            cuts[i] = Math.Min(excess, pieces[i].Count);
            excess -= cuts[i];
        }

        return cuts;
    }

    // Each share is rounded up, until together they are enough: 6 of 10 and 4 tokens are ⌈4.29⌉ = 5, then 1 instead of ⌈1.71⌉.
    private static int[] Balanced(IReadOnlyList<int>[] pieces, bool[] shortenable, int excess)
    {
        var cuts = new int[pieces.Length];
        long total = pieces.Where((_, i) => shortenable[i]).Sum(piece => (long)piece.Count);
        int left = excess;
        for (int i = 0; i < pieces.Length && total > 0; i++)
        {
            if (shortenable[i])
            {
                double share = (double)pieces[i].Count / total * excess;
                cuts[i] = Math.Min(pieces[i].Count, Math.Min(left, (int)Math.Ceiling(share)));
                left -= cuts[i];
            }
        }

        return cuts;
    }
}
