using DeltaTune.Batches;

namespace DeltaTune.Backbones.Graphs;

/// <summary>Takes rows out of tables of features.</summary>
internal static class FeatureRows
{
    /// <summary>Takes rows.</summary>
    /// <param name="table">Numbers or categories. Not changed.</param>
    /// <param name="rows">Which, in the order that they are to have.</param>
    public static FeatureTable Take(FeatureTable table, IReadOnlyCollection<int> rows) => table.Values is { } values
        ? new FeatureTable(table.Width, Take(values, table.Width, rows))
        : new FeatureTable(table.Width, Take(table.Categories!, table.Width, rows));

    private static T[] Take<T>(T[] values, int width, IReadOnlyCollection<int> rows)
    {
        var taken = new T[rows.Count * width];
        int at = 0;
        foreach (int row in rows)
        {
            values.AsSpan(row * width, width).CopyTo(taken.AsSpan(at));
            at += width;
        }

        return taken;
    }
}
