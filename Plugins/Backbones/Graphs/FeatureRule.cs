using DeltaTune.Batches;
using static TorchSharp.torch;

namespace DeltaTune.Backbones.Graphs;

/// <summary>What a row of features must be: so many numbers, so many categories each within its table, or anything at all.</summary>
internal sealed class FeatureRule
{
    private readonly string _what; // "node" or "edge"
    private readonly IReadOnlyList<long> _categories;
    private readonly int _numbers;

    private FeatureRule(string what, IReadOnlyList<long> categories, int numbers) => (_what, _categories, _numbers) = (what, categories, numbers);

    /// <summary>Rows of categories.</summary>
    /// <param name="what">What the rows are of: <c>node</c> or <c>edge</c>.</param>
    /// <param name="counts">How many categories each column has.</param>
    public static FeatureRule Categories(string what, IReadOnlyList<long> counts) => new(what, counts, 0);

    /// <summary>Rows of real numbers.</summary>
    /// <param name="what">What the rows are of.</param>
    /// <param name="width">How many there are in a row.</param>
    public static FeatureRule Numbers(string what, int width) => new(what, [], width);

    /// <summary>The network does not look at them.</summary>
    public static FeatureRule Ignored { get; } = new("edge", [], 0);

    private bool IsIgnored => _categories.Count == 0 && _numbers == 0;

    /// <summary>Checks a graph's table.</summary>
    /// <param name="table">The table; may be null where there are no rows.</param>
    /// <param name="rows">How many rows it must have.</param>
    /// <exception cref="InvalidRunException">It does not suit the network.</exception>
    public void Check(FeatureTable? table, int rows)
    {
        if (IsIgnored || (rows == 0 && table is null or { Rows: 0 }))
        {
            return;
        }

        int width = _numbers > 0 ? _numbers : _categories.Count;
        string kind = _numbers > 0 ? "real numbers" : "categories";
        if (table is null)
        {
            throw Wrong($"must have {width} {kind} for each {_what}, but has none");
        }

        if ((_numbers > 0 ? table.Values is null : table.Categories is null) || table.Width != width)
        {
            throw Wrong($"must have {width} {kind} for each {_what}, but has {table.Width} {(table.Values is null ? "categories" : "real numbers")}");
        }

        if (table.Rows != rows || (table.Values?.Length ?? table.Categories!.Length) != (long)rows * width)
        {
            throw Wrong($"must have a row of features for each of its {rows} {_what}s, but has {table.Rows} rows");
        }

        if (table.Categories is { } categories)
        {
            for (int i = 0; i < categories.Length; i++)
            {
                long limit = _categories[i % width];
                if ((ulong)categories[i] >= (ulong)limit)
                {
                    throw Wrong($"must have categories from 0 to {limit - 1} in feature {i % width} of its {_what}s, but {_what} {i / width} has {categories[i]}");
                }
            }
        }
        else
        {
            int wrong = Array.FindIndex(table.Values!, value => !float.IsFinite(value));
            if (wrong >= 0)
            {
                throw Wrong($"must have finite features, but feature {wrong % width} of {_what} {wrong / width} is {table.Values![wrong]}");
            }
        }
    }

    /// <summary>Puts tables one under the other.</summary>
    /// <param name="tables">Checked; null for one without rows.</param>
    /// <param name="rows">Their rows together.</param>
    /// <param name="device">Where the result goes.</param>
    /// <returns>A new tensor <c>[rows, width]</c>; null where the network does not look at them.</returns>
    public Tensor? Join(IEnumerable<FeatureTable?> tables, int rows, Device device)
    {
        if (IsIgnored)
        {
            return null;
        }

        return _numbers > 0
            ? Tensor(Flat(tables.Select(t => t?.Values), rows * _numbers), [rows, _numbers], device)
            : Tensor(Flat(tables.Select(t => t?.Categories), rows * _categories.Count), [rows, _categories.Count], device);
    }

    /// <summary>A tensor from an array, which may be empty.</summary>
    public static Tensor Tensor(long[] values, long[] shape, Device device)
        => values.Length > 0 ? tensor(values, shape, device: device) : empty(shape, ScalarType.Int64, device);

    private static Tensor Tensor(float[] values, long[] shape, Device device)
        => values.Length > 0 ? tensor(values, shape, device: device) : empty(shape, ScalarType.Float32, device);

    private static T[] Flat<T>(IEnumerable<T[]?> parts, int length)
    {
        var all = new T[length];
        int start = 0;
        foreach (T[] part in parts.OfType<T[]>())
        {
            part.CopyTo(all, start);
            start += part.Length;
        }

        return all;
    }

    private static InvalidRunException Wrong(string problem) => new("the graph", problem);
}
