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
}
