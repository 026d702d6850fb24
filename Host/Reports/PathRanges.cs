using System.Globalization;
using System.Text.RegularExpressions;

namespace DeltaTune.Host.Reports;

/// <summary>Shortens lists of paths that differ in one number: <c>layers.0-11.attn.q</c>.</summary>
internal static partial class PathRanges
{
    /// <summary>Folds paths whose first number differs.</summary>
    /// <param name="paths">In any order; that of their first appearance is kept.</param>
    /// <returns>The folded paths.</returns>
    public static IReadOnlyList<string> Fold(IEnumerable<string> paths)
        => [.. paths.Select(p => (Path: p, Number: Number().Match(p)))
            .GroupBy(p => p.Number.Success ? string.Concat(p.Path.AsSpan(0, p.Number.Index), "#", p.Path.AsSpan(p.Number.Index + p.Number.Length)) : p.Path)
            .Select(g => g.First().Number.Success
                ? g.Key.Replace("#", Ranges([.. g.Select(p => int.Parse(p.Number.Value, CultureInfo.InvariantCulture)).Distinct().Order()]), StringComparison.Ordinal)
                : g.Key)];

    private static string Ranges(int[] numbers)
    {
        List<(int From, int To)> ranges = [];
        foreach (int number in numbers)
        {
            if (ranges.Count > 0 && ranges[^1].To == number - 1)
            {
                ranges[^1] = (ranges[^1].From, number);
            }
            else
            {
                ranges.Add((number, number));
            }
        }

        return string.Join(",", ranges.Select(r => r.From == r.To ? $"{r.From}" : $"{r.From}-{r.To}"));
    }

    [GeneratedRegex(@"(?<=^|\.)\d{1,9}(?=\.|$)")]
    private static partial Regex Number();
}
