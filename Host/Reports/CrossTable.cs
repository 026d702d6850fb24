using DeltaTune.Host.Runs;

namespace DeltaTune.Host.Reports;

/// <summary>A comparison of crossed variants as a table with a column for each name that they are crossed with first.</summary>
internal static class CrossTable
{
    /// <summary>Gives the table: the columns' names, then the cells of each row; a cell that is not run yet is empty.</summary>
    /// <param name="rows">One or more.</param>
    /// <returns>Null where variants are not crossed, or with one name alone.</returns>
    public static IReadOnlyList<string[]>? Of(IReadOnlyList<ComparisonRow> rows)
    {
        if (rows.Any(r => r.Names is null) || rows.DistinctBy(r => r.Names![0]).Count() < 2)
        {
            return null;
        }

        bool mixed = ComparisonColumns.IsMixed(rows);
        IGrouping<string, ComparisonRow>[] columns = [.. rows.GroupBy(r => r.Names![0])];
        var cells = rows.ToDictionary(r => (r.Names![0], RowName(r)));
        string[] head = ["variant", .. columns.Select(c => mixed ? $"{c.Key} ({string.Join(", ", c.Select(r => r.Metric).Distinct())})" : c.Key)];
        return
        [
            head,
            .. rows.Select(RowName).Distinct().Select(name => (string[])[name, .. columns.Select(c => cells.TryGetValue((c.Key, name), out ComparisonRow? row) ? ComparisonColumns.Scored(row) : "")]),
        ];
    }

    /// <summary>Gives a row's name without the first of what its variant is crossed with.</summary>
    public static string RowName(ComparisonRow row) => row.Names is null ? row.Variant : PlannedRow.Join(row.Names.Skip(1));
}
