using System.Buffers;

namespace DeltaTune.Backbones.Tokenizers;

/// <summary>Finds added tokens in text: the leftmost, and of those that begin there the longest.</summary>
internal sealed class AddedTokenFinder
{
    private readonly Dictionary<char, AddedToken[]> _byFirst;
    private readonly SearchValues<char> _firsts;

    public AddedTokenFinder(IEnumerable<AddedToken> tokens)
    {
        _byFirst = tokens
            .Where(token => token.Content.Length > 0)
            .SelectMany(token => Firsts(token).Select(first => (first, token)))
            .GroupBy(pair => pair.first, pair => pair.token)
            .ToDictionary(group => group.Key, group => group.OrderByDescending(token => token.Content.Length).ToArray());
        _firsts = SearchValues.Create([.. _byFirst.Keys]);
    }

    /// <summary>Finds the next token at or after <paramref name="start"/>.</summary>
    /// <param name="text">The whole text.</param>
    /// <param name="start">Where to begin; text before it is only looked at for word borders.</param>
    /// <param name="from">Where the match begins, stripped blanks included; the end of the text when there is none.</param>
    /// <param name="to">Where the match ends, exclusive.</param>
    /// <returns>The token, or null.</returns>
    public AddedToken? Find(ReadOnlySpan<char> text, int start, out int from, out int to)
    {
        for (int at = start; at < text.Length; at++)
        {
            int skip = text[at..].IndexOfAny(_firsts);
            if (skip < 0)
            {
                break;
            }

            at += skip;
            foreach (AddedToken token in _byFirst[text[at]])
            {
                if (Matches(text, at, token))
                {
                    from = at;
                    to = at + token.Content.Length;
                    while (token.LeftStrip && from > start && char.IsWhiteSpace(text[from - 1]))
                    {
                        from--;
                    }

                    while (token.RightStrip && to < text.Length && char.IsWhiteSpace(text[to]))
                    {
                        to++;
                    }

                    return token;
                }
            }
        }

        from = to = text.Length;
        return null;
    }

    private static bool Matches(ReadOnlySpan<char> text, int at, AddedToken token)
    {
        int end = at + token.Content.Length;
        StringComparison comparison = token.IgnoreCase ? StringComparison.OrdinalIgnoreCase : StringComparison.Ordinal;
        return text[at..].StartsWith(token.Content, comparison)
            && (!token.SingleWord || ((at == 0 || !IsWord(text[at - 1])) && (end == text.Length || !IsWord(text[end]))));
    }

    private static bool IsWord(char c) => char.IsLetterOrDigit(c) || c == '_';

    private static IEnumerable<char> Firsts(AddedToken token)
    {
        char first = token.Content[0];
        return token.IgnoreCase ? new[] { first, char.ToLowerInvariant(first), char.ToUpperInvariant(first) }.Distinct() : [first];
    }
}
