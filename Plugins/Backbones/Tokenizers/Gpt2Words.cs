using System.Globalization;
using System.Text;

namespace DeltaTune.Backbones.Tokenizers;

/// <summary>Cuts text into the words that byte-level BPE works on.</summary>
/// <remarks>
/// Source: the pattern of openai/gpt-2, encoder.py,
/// <c>'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+</c>, as a scanner over code points: a regular expression
/// of .NET sees surrogate halves, which are neither letters nor numbers.
/// </remarks>
internal static class Gpt2Words
{
    private enum Kind
    {
        Space,
        Letter,
        Number,
        Other,
    }

    /// <summary>Finds where the word that begins at a position ends. Words follow each other without gaps.</summary>
    /// <param name="text">The text.</param>
    /// <param name="start">Where the word begins, inside the text.</param>
    /// <returns>The end, exclusive; beyond <paramref name="start"/>.</returns>
    public static int EndOf(ReadOnlySpan<char> text, int start)
    {
        char c = text[start];
        if (c == '\'' && Contraction(text[(start + 1)..]) is var letters and > 0)
        {
            return start + 1 + letters;
        }

        int body = c == ' ' && start + 1 < text.Length ? start + 1 : start;
        Kind kind = KindAt(text, body, out int length);
        if (kind != Kind.Space)
        {
            int end = body + length;
            while (end < text.Length && KindAt(text, end, out length) == kind)
            {
                end += length;
            }

            return end;
        }

        int next = start;
        while (next < text.Length && char.IsWhiteSpace(text[next]))
        {
            next++;
        }

        // White space leaves its last character to the word that follows, unless it is the only one or ends the text.
        return next < text.Length && next - start > 1 ? next - 1 : next;
    }

    private static int Contraction(ReadOnlySpan<char> rest) => rest switch
    {
        ['s' or 't' or 'm' or 'd', ..] => 1,
        ['r', 'e', ..] or ['v', 'e', ..] or ['l', 'l', ..] => 2,
        _ => 0,
    };

    private static Kind KindAt(ReadOnlySpan<char> text, int index, out int length)
    {
        char c = text[index];
        length = 1;
        if (c < 128)
        {
            return char.IsAsciiLetter(c) ? Kind.Letter : char.IsAsciiDigit(c) ? Kind.Number : char.IsWhiteSpace(c) ? Kind.Space : Kind.Other;
        }

        Rune.DecodeFromUtf16(text[index..], out Rune rune, out length);
        return Rune.GetUnicodeCategory(rune) switch
        {
            UnicodeCategory.UppercaseLetter or UnicodeCategory.LowercaseLetter or UnicodeCategory.TitlecaseLetter
                or UnicodeCategory.ModifierLetter or UnicodeCategory.OtherLetter => Kind.Letter,
            UnicodeCategory.DecimalDigitNumber or UnicodeCategory.LetterNumber or UnicodeCategory.OtherNumber => Kind.Number,
            _ => Rune.IsWhiteSpace(rune) ? Kind.Space : Kind.Other,
        };
    }
}
