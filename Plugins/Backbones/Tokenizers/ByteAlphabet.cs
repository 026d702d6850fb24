using System.Text;

namespace DeltaTune.Backbones.Tokenizers;

/// <summary>The printable characters that byte-level BPE writes for the 256 bytes.</summary>
/// <remarks>
/// Source: openai/gpt-2, encoder.py, bytes_to_unicode: bytes that are printable in Latin-1 stand for themselves, the others, in order, for
/// U+0100 and on; so a blank is written Ġ.
/// </remarks>
internal static class ByteAlphabet
{
    private static readonly char[] ToChar = Build();
    private static readonly Dictionary<char, byte> ToByte = ToChar.Select((c, index) => (c, index)).ToDictionary(pair => pair.c, pair => (byte)pair.index);

    public static char CharOf(byte value) => ToChar[value];

    public static bool TryGetByte(char c, out byte value) => ToByte.TryGetValue(c, out value);

    /// <summary>Writes a text's UTF-8 bytes in this alphabet.</summary>
    public static string Spell(ReadOnlySpan<byte> bytes)
    {
        var text = new StringBuilder(bytes.Length);
        foreach (byte value in bytes)
        {
            text.Append(ToChar[value]);
        }

        return text.ToString();
    }

    private static char[] Build()
    {
        var chars = new char[256];
        char next = '\u0100';
        for (int value = 0; value < 256; value++)
        {
            bool printable = value is (>= '!' and <= '~') or (>= 0xA1 and <= 0xAC) or (>= 0xAE and <= 0xFF);
            chars[value] = printable ? (char)value : next++;
        }

        return chars;
    }
}
