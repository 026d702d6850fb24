using System.Buffers;
using System.Globalization;
using System.Text;

namespace DeltaTune.Backbones.Tokenizers;

/// <summary>BERT's basic tokenisation: cleans text, folds case and accents, and sets blanks between words, punctuation and CJK characters.</summary>
/// <remarks>
/// Source: google-research/bert, tokenization.py, BasicTokenizer. Differs from it as the fast tokenizers do: accents are stripped before letters
/// are lower-cased, and each letter is lower-cased alone (a final sigma stays σ).
/// </remarks>
/// <param name="cleanText">Whether control characters are dropped and all white space becomes a blank.</param>
/// <param name="spaceCjk">Whether each CJK ideograph stands alone.</param>
/// <param name="lowerCase">Whether letters are lower-cased.</param>
/// <param name="stripAccents">Whether combining marks are dropped after canonical decomposition.</param>
internal sealed class BertNormalizer(bool cleanText = true, bool spaceCjk = true, bool lowerCase = true, bool stripAccents = true)
{
    // What an ASCII character becomes: itself or its lower case; ' ' white space; '\0' dropped.
    private readonly char[] _ascii = [.. Enumerable.Range(0, 128).Select(code => Ascii((char)code, cleanText, lowerCase))];

    /// <summary>Writes the words of a text, with blanks between them, to a buffer that grows as needed.</summary>
    /// <param name="text">Any text.</param>
    /// <param name="buffer">A buffer of the shared pool, exchanged for a larger one when too small.</param>
    /// <returns>The part of the buffer that was written.</returns>
    public ReadOnlySpan<char> Normalize(ReadOnlySpan<char> text, ref char[] buffer)
    {
        // ASCII has no accents, and most text is ASCII.
        if (stripAccents && !System.Text.Ascii.IsValid(text))
        {
            text = AccentStripper.Strip(text);
        }

        // At most three characters for each: itself between two blanks.
        if (buffer.Length < 3 * text.Length)
        {
            ArrayPool<char>.Shared.Return(buffer);
            buffer = ArrayPool<char>.Shared.Rent(3 * text.Length);
        }

        int length = 0;
        for (int index = 0; index < text.Length; index++)
        {
            char c = text[index];
            if (c >= 128)
            {
                Rune.DecodeFromUtf16(text[index..], out Rune rune, out int consumed);
                index += consumed - 1;
                WriteRune(rune, buffer, ref length);
            }
            else if (_ascii[c] is var mapped and not '\0')
            {
                if (char.IsPunctuation(c) || char.IsSymbol(c))
                {
                    buffer[length++] = ' ';
                    buffer[length++] = mapped;
                    buffer[length++] = ' ';
                }
                else
                {
                    buffer[length++] = mapped;
                }
            }
        }

        return buffer.AsSpan(0, length);
    }

    private static char Ascii(char c, bool clean, bool lower) => c switch
    {
        ' ' or '\t' or '\n' or '\r' => ' ',
        _ when char.IsControl(c) && clean => '\0',
        _ when char.IsWhiteSpace(c) => ' ',
        >= 'A' and <= 'Z' when lower => (char)(c | 0x20),
        _ => c,
    };

    private void WriteRune(Rune rune, char[] buffer, ref int length)
    {
        UnicodeCategory category = Rune.GetUnicodeCategory(rune);
        if (Rune.IsWhiteSpace(rune) && !(cleanText && category == UnicodeCategory.Control))
        {
            buffer[length++] = ' ';
            return;
        }

        if (cleanText && (rune.Value == 0xFFFD || IsOther(category)))
        {
            return;
        }

        bool alone = (spaceCjk && IsCjk(rune.Value)) || Rune.IsPunctuation(rune);
        if (alone)
        {
            buffer[length++] = ' ';
        }

        length += (lowerCase ? Rune.ToLowerInvariant(rune) : rune).EncodeToUtf16(buffer.AsSpan(length));
        if (alone)
        {
            buffer[length++] = ' ';
        }
    }

    private static bool IsOther(UnicodeCategory category) =>
        category is UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.Surrogate or UnicodeCategory.PrivateUse or UnicodeCategory.OtherNotAssigned;

    // The blocks that BERT's code lists; kana and Hangul are not among them.
    private static bool IsCjk(int code) => code is (>= 0x4E00 and <= 0x9FFF) or (>= 0x3400 and <= 0x4DBF) or (>= 0x20000 and <= 0x2A6DF)
        or (>= 0x2A700 and <= 0x2B73F) or (>= 0x2B740 and <= 0x2B81F) or (>= 0x2B820 and <= 0x2CEAF) or (>= 0xF900 and <= 0xFAFF) or (>= 0x2F800 and <= 0x2FA1F);
}
