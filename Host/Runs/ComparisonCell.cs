using DeltaTune.Host.Options;

namespace DeltaTune.Host.Runs;

/// <summary>One variant with one seed.</summary>
/// <param name="Variant">The variant's name: its row. Where variants are crossed, all names of the row with dots between.</param>
/// <param name="Spec">The run, with the variant's settings and the seed.</param>
internal sealed record ComparisonCell(string Variant, RunSpec Spec)
{
    /// <summary>Gets the names of the row where variants are crossed, the variant's last; null elsewhere.</summary>
    public IReadOnlyList<string>? Names { get; init; }

    /// <summary>Gets the row's place in a chart over a number; null without one.</summary>
    public ChartPlace? Chart { get; init; }

    /// <summary>Gets the name of the cell's folder.</summary>
    public string Folder => $"{string.Concat(Variant.Select(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.' ? c : '-'))}-{Spec.Seed}";
}
