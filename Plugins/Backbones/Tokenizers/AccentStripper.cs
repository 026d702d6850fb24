using System.Collections.Frozen;
using System.Globalization;
using System.Text;

namespace DeltaTune.Backbones.Tokenizers;

/// <summary>Decomposes text canonically and drops nonspacing marks: é becomes e, a Hangul syllable its letters.</summary>
/// <remarks>Source: Unicode Standard, §3.11 (normalization forms) and §3.12 (conjoining jamo). The order of marks does not matter, since they go.</remarks>
internal static class AccentStripper
{
    private const int HangulFirst = 0xAC00;
    private const int HangulLast = 0xD7A3;
    private static readonly FrozenDictionary<int, string> Rests = Read();

    /// <summary>Strips a text.</summary>
    /// <param name="text">Any text; lone surrogates become U+FFFD.</param>
    /// <returns>A new text.</returns>
    public static string Strip(ReadOnlySpan<char> text)
    {
        var result = new StringBuilder(text.Length);
        foreach (Rune rune in text.EnumerateRunes())
        {
            if (rune.IsAscii)
            {
                result.Append((char)rune.Value);
            }
            else if (Rests.TryGetValue(rune.Value, out string? rest))
            {
                result.Append(rest);
            }
            else if (rune.Value is >= HangulFirst and <= HangulLast)
            {
                AppendJamo(rune.Value - HangulFirst, result);
            }
            else if (Rune.GetUnicodeCategory(rune) != UnicodeCategory.NonSpacingMark)
            {
                result.Append(rune.ToString());
            }
        }

        return result.ToString();
    }

    // A syllable's number is (leading × 21 + vowel) × 28 + trailing, where trailing 0 means none.
    private static void AppendJamo(int syllable, StringBuilder result)
    {
        result.Append((char)(0x1100 + (syllable / (21 * 28)))).Append((char)(0x1161 + (syllable / 28 % 21)));
        if (syllable % 28 != 0)
        {
            result.Append((char)(0x11A7 + (syllable % 28)));
        }
    }

    private static FrozenDictionary<int, string> Read() => AccentTable.Pairs
        .Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)
        .Select(pair => pair.Split(':'))
        .ToFrozenDictionary(pair => Hex(pair[0]), pair => string.Concat(pair[1].Split('+', StringSplitOptions.RemoveEmptyEntries).Select(code => new Rune(Hex(code)).ToString())));

    private static int Hex(string digits) => int.Parse(digits, NumberStyles.HexNumber, CultureInfo.InvariantCulture);
}
