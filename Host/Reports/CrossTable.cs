using DeltaTune.Host.Runs;

namespace DeltaTune.Host.Reports;

/// <summary>A comparison of crossed variants as a table with a column for each name that they are crossed with first.</summary>
internal static class CrossTable
{
    /// <summary>Gives the table: the columns' names, then the cells of each row; a cell that is not run yet is empty.</summary>
    /// <param name="rows">One or more.</param>
    /// <returns>Null where variants are not crossed, or with one name alone at each place.</returns>
    public static IReadOnlyList<string[]>? Of(IReadOnlyList<ComparisonRow> rows)
    {
        int places = rows.Min(r => r.Names?.Count ?? 0);
        int place = Enumerable.Range(0, Math.Max(0, places - 1)).FirstOrDefault(p => rows.DistinctBy(r => r.Names![p]).Count() > 1, -1);
        if (place < 0)
        {
            return null;
        }

        bool mixed = ComparisonColumns.IsMixed(rows);
        IGrouping<string, ComparisonRow>[] columns = [.. rows.GroupBy(r => r.Names![place])];
        var cells = rows.ToDictionary(r => (r.Names![place], Without(r, place)));
        string[] head = ["variant", .. columns.Select(c => mixed ? $"{c.Key} ({string.Join(", ", c.Select(r => r.Metric).Distinct())})" : c.Key)];
        return
        [
            head,
            .. rows.Select(r => Without(r, place)).Distinct()
                .Select(name => (string[])[name, .. columns.Select(c => cells.TryGetValue((c.Key, name), out ComparisonRow? row) ? ComparisonColumns.Scored(row) : "")]),
        ];
    }

    /// <summary>Gives a row's name without one of what its variant is crossed with.</summary>
    /// <param name="row">The row.</param>
    /// <param name="place">Where the name stands that is left out, from 0.</param>
    public static string Without(ComparisonRow row, int place) => row.Names is null ? row.Variant : PlannedRow.Join(row.Names.Where((_, i) => i != place));
}
