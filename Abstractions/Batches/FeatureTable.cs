namespace DeltaTune.Batches;

/// <summary>A table of node or edge features, row-major: either category numbers or real numbers.</summary>
public sealed record FeatureTable
{
    /// <summary>A table of category numbers.</summary>
    /// <param name="width">Features a row.</param>
    /// <param name="categories">Row-major, a whole number of rows.</param>
    public FeatureTable(int width, long[] categories)
    {
        ArgumentNullException.ThrowIfNull(categories);
        (Width, Categories, Rows) = (width, categories, width == 0 ? 0 : categories.Length / width);
    }

    /// <summary>A table of real numbers.</summary>
    /// <param name="width">Features a row.</param>
    /// <param name="values">Row-major, a whole number of rows.</param>
    public FeatureTable(int width, float[] values)
    {
        ArgumentNullException.ThrowIfNull(values);
        (Width, Values, Rows) = (width, values, width == 0 ? 0 : values.Length / width);
    }

    /// <summary>Gets how many rows there are.</summary>
    public int Rows { get; }

    /// <summary>Gets how many features a row has.</summary>
    public int Width { get; }

    /// <summary>Gets the category numbers, or null where the table has real numbers.</summary>
    public long[]? Categories { get; }

    /// <summary>Gets the real numbers, or null where the table has category numbers.</summary>
    public float[]? Values { get; }

    /// <summary>Takes rows.</summary>
    /// <param name="rows">Which, in the order that they are to have; a row may come several times.</param>
    /// <returns>A new table of the same width and kind.</returns>
    public FeatureTable Take(IReadOnlyCollection<int> rows)
    {
        ArgumentNullException.ThrowIfNull(rows);
        return Values is { } values ? new FeatureTable(Width, Taken(values, rows)) : new FeatureTable(Width, Taken(Categories!, rows));
    }

    private T[] Taken<T>(T[] values, IReadOnlyCollection<int> rows)
    {
        var taken = new T[rows.Count * Width];
        int at = 0;
        foreach (int row in rows)
        {
            values.AsSpan(row * Width, Width).CopyTo(taken.AsSpan(at));
            at += Width;
        }

        return taken;
    }
}
