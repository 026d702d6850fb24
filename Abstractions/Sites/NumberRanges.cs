using System.Globalization;

namespace DeltaTune.Sites;

/// <summary>Some of the numbers from 0 on, as a selector's <c>layers[…]</c> and a delta's <c>layers</c> write them: <c>0-5</c>, <c>1,3,8-</c>, <c>-3</c>.</summary>
public sealed class NumberRanges
{
    private readonly IReadOnlyList<(int First, int Last)> _ranges;

    private NumberRanges(string text, IReadOnlyList<(int First, int Last)> ranges) => (Text, _ranges) = (text, ranges);

    /// <summary>Gets the text that was read.</summary>
    public string Text { get; }

    /// <summary>Reads ranges.</summary>
    /// <param name="text">Numbers and ranges separated by commas; a range may be open at one end.</param>
    /// <param name="where">The place for messages, such as <c>deltas[0].layers</c>.</param>
    /// <returns>The ranges.</returns>
    /// <exception cref="InvalidRunException">The text is none; the sentence names the column.</exception>
    public static NumberRanges Parse(string text, string where)
    {
        ArgumentNullException.ThrowIfNull(text);
        return TryParse(text, out NumberRanges? ranges, out int column, out string problem)
            ? ranges!
            : throw new InvalidRunException(where, $"'{text}' is no list of numbers: {problem} at column {column + 1}; right are '0-5' or '1,3,8-'");
    }

    /// <summary>Tells whether a number is among them.</summary>
    /// <param name="number">0 or more.</param>
    /// <returns>True where a range holds it.</returns>
    public bool Contains(int number)
    {
        foreach ((int first, int last) in _ranges)
        {
            if (number >= first && number <= last)
            {
                return true;
            }
        }

        return false;
    }

    /// <inheritdoc/>
    public override string ToString() => Text;

    /// <summary>Reads ranges; where that fails, says what is wrong at which column from 0.</summary>
    internal static bool TryParse(string text, out NumberRanges? ranges, out int column, out string problem)
    {
        var list = new List<(int, int)>();
        (ranges, column, problem) = (null, 0, "");
        int start = 0;
        foreach (string part in text.Split(','))
        {
            string item = part.Trim();
            column = start + (part.Length - part.TrimStart().Length);
            int dash = item.IndexOf('-', StringComparison.Ordinal);
            string low = dash < 0 ? item : item[..dash].TrimEnd(), high = dash < 0 ? item : item[(dash + 1)..].TrimStart();
            if (low.Length == 0 && high.Length == 0)
            {
                problem = "a number is missing";
                return false;
            }

            int first = 0, last = int.MaxValue;
            if ((low.Length > 0 && !TryNumber(low, out first)) || (high.Length > 0 && !TryNumber(high, out last)))
            {
                problem = $"'{item}' is neither a number nor a range";
                return false;
            }

            if (first > last)
            {
                problem = $"the range '{item}' runs backwards";
                return false;
            }

            list.Add((first, last));
            start += part.Length + 1;
        }

        ranges = new NumberRanges(text, list);
        return true;
    }

    /// <summary>How far a number is from the nearest one that belongs: 0 where it belongs itself.</summary>
    internal int DistanceTo(int number)
        => _ranges.Min(r => number < r.First ? r.First - number : number > r.Last ? number - r.Last : 0);

    private static bool TryNumber(string text, out int number)
        => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number);
}
