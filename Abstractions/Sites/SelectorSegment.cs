using System.Globalization;

namespace DeltaTune.Sites;

/// <summary>What one segment of a path must be: a text with <c>*</c>, a number out of ranges, or <c>**</c> for one segment or more.</summary>
internal sealed class SelectorSegment
{
    private readonly NumberRanges? _numbers;

    private SelectorSegment(string text, NumberRanges? numbers) => (Text, _numbers) = (text, numbers);

    /// <summary>Gets the segment as written.</summary>
    public string Text { get; }

    /// <summary>Gets whether the segment stands for one segment or more.</summary>
    public bool IsAnyDepth => _numbers is null && Text == "**";

    public static SelectorSegment Glob(string text) => new(text, null);

    public static SelectorSegment Number(NumberRanges numbers) => new($"[{numbers.Text}]", numbers);

    public bool Matches(string segment)
    {
        if (_numbers is not null)
        {
            return TryNumber(segment, out int number) && _numbers.Contains(number);
        }

        return MatchesGlob(Text, segment);
    }

    /// <summary>How unlike the segment is, in letters to change; a number just outside the ranges is nearer than one far off.</summary>
    public double DistanceTo(string segment)
    {
        if (Matches(segment) || IsAnyDepth)
        {
            return 0;
        }

        if (_numbers is not null)
        {
            return TryNumber(segment, out int number) ? 1 + (Math.Min(_numbers.DistanceTo(number), 999) / 1000.0) : 1 + segment.Length;
        }

        return EditDistance.Between(Text, segment);
    }

    private static bool TryNumber(string segment, out int number)
        => int.TryParse(segment, NumberStyles.None, CultureInfo.InvariantCulture, out number);

    /// <summary>Greedy match with one retry point: the last star takes one letter more whenever the rest does not fit.</summary>
    private static bool MatchesGlob(string glob, string text)
    {
        int g = 0, t = 0, star = -1, retry = 0;
        while (t < text.Length)
        {
            if (g < glob.Length && glob[g] == '*')
            {
                (star, retry) = (g++, t);
            }
            else if (g < glob.Length && glob[g] == text[t])
            {
                (g, t) = (g + 1, t + 1);
            }
            else if (star >= 0)
            {
                (g, t) = (star + 1, ++retry);
            }
            else
            {
                return false;
            }
        }

        while (g < glob.Length && glob[g] == '*')
        {
            g++;
        }

        return g == glob.Length;
    }
}
