using System.Globalization;
using DeltaTune.Host.Runs;

namespace DeltaTune.Host.Reports;

/// <summary>The columns of a comparison's table, in a terminal as on a page.</summary>
internal static class ComparisonColumns
{
    /// <summary>Gives the table: the columns' names, then the cells of each row.</summary>
    /// <param name="rows">One or more.</param>
    public static IReadOnlyList<string[]> Table(IReadOnlyList<ComparisonRow> rows)
    {
        bool tested = rows.Any(r => r.Test is not null), mixed = IsMixed(rows);
        string[] head =
        [
            "variant", .. mixed ? (string[])["metric", "score"] : [rows[0].Metric], "spread", .. tested ? (string[])["difference", "p (seeds)", "p (examples)"] : [], "trained parameters", "seconds",
        ];
        return [head, .. rows.Select(r => Cells(r, tested, mixed))];
    }

    /// <summary>Tells whether the rows are scored by more than one metric.</summary>
    public static bool IsMixed(IReadOnlyList<ComparisonRow> rows) => rows.Any(r => r.Metric != rows[0].Metric);

    /// <summary>Writes a score with its spread.</summary>
    public static string Scored(ComparisonRow row) => row.Spread is null ? Score(row.Score) : $"{Score(row.Score)} ± {Score(row.Spread)}";

    private static string[] Cells(ComparisonRow row, bool tested, bool mixed)
        =>
        [
            row.Variant,
            .. mixed ? (string[])[row.Metric] : [],
            Score(row.Score),
            row.Spread is null ? "" : $"± {Score(row.Spread)}",
            .. tested ? (string[])[Signed(row.Test?.Difference), P(row.Test?.PSeedsHolm), P(row.Test?.PExamplesHolm)] : [],
            row.TrainableParameters.ToString("N0", CultureInfo.InvariantCulture),
            row.Seconds.ToString("0.0", CultureInfo.InvariantCulture),
        ];

    private static string Score(double? score) => score?.ToString("0.0000", CultureInfo.InvariantCulture) ?? "-";

    private static string Signed(double? difference) => difference?.ToString("+0.0000;-0.0000;0.0000", CultureInfo.InvariantCulture) ?? "";

    private static string P(double? p) => p is double value ? value < 0.001 ? "< 0.001" : value.ToString("0.000", CultureInfo.InvariantCulture) : "";
}
