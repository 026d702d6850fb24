using static TorchSharp.torch;

namespace DeltaTune.Backbones.Graphs;

/// <summary>Rows that belong to owners: edges to the nodes where they end, nodes to their graphs. Gathers, sums, means, maxima and softmax over each owner's rows.</summary>
/// <param name="owners">The owner of each row, int64 <c>[rows]</c>. Not disposed.</param>
/// <param name="count">How many owners there are, with or without rows.</param>
/// <param name="ascending">Whether owners never decrease from row to row.</param>
internal sealed class Segments(Tensor owners, long count, bool ascending = false)
{
    private const double TinySum = 1e-16; // no division by 0 where all weights vanish, as in PyG
    private const int MostWaste = 4;      // how many cells of a table may stand empty for each row or owner
    private Tensor? _counts;              // int64 [owners]
    private List<SegmentTable>? _tables;

    /// <summary>Gets how many rows each owner has, int64 <c>[owners]</c>.</summary>
    public Tensor Counts => _counts ??= zeros([count], dtype: ScalarType.Int64, device: owners.device).index_add_(0, owners, ones_like(owners), 1);

    /// <summary>Computes in the current dispose scope what <see cref="Max"/> and <see cref="Softmax"/> share from call to call.</summary>
    public void Place()
    {
        if (_tables is not null)
        {
            return;
        }

        Tensor counts = Counts;
        long widest = owners.size(0) == 0 ? 0 : counts.max().item<long>();
        _tables = [];
        if (widest == 0)
        {
            return;
        }

        Tensor starts = counts.cumsum(0) - counts;                                              // [owners]
        Tensor numbers = arange(owners.size(0), ScalarType.Int64, owners.device);
        Tensor sorted = ascending ? numbers : empty_like(owners).index_copy(0, owners.argsort(), numbers); // each row's place in the order of owners
        Tensor places = sorted - starts.index_select(0, owners);                                // [rows], each row's place at its owner
        if (count * widest <= MostWaste * (count + owners.size(0)))
        {
            _tables.Add(new SegmentTable(null, null, places + (owners * widest), count, widest));
            return;
        }

        // A few owners have many rows: owners stand together with those that have up to twice as many, so that no table is more than half empty.
        for (long width = 1, below = 0; below < widest; (below, width) = (width, 2 * width))
        {
            Tensor inside = counts.gt(below).logical_and(counts.le(width));                     // [owners]
            Tensor chosen = inside.nonzero().flatten();
            if (chosen.size(0) > 0)
            {
                Tensor ranks = zeros_like(counts).index_copy(0, chosen, arange(chosen.size(0), ScalarType.Int64, owners.device));
                Tensor rows = inside.index_select(0, owners).nonzero().flatten();
                Tensor cells = places.index_select(0, rows) + (ranks.index_select(0, owners.index_select(0, rows)) * width);
                _tables.Add(new SegmentTable(rows, chosen, cells, chosen.size(0), width));
            }
        }
    }

    /// <summary>Gives each row what its owner has.</summary>
    /// <param name="values"><c>[owners, ...]</c>. Not disposed.</param>
    /// <returns>A new tensor <c>[rows, ...]</c>.</returns>
    public Tensor Spread(Tensor values) => Copy(values, owners);

    /// <summary>Sums over each owner's rows; 0 without any.</summary>
    /// <param name="rows"><c>[rows, ...]</c>. Not disposed.</param>
    /// <returns>A new tensor <c>[owners, ...]</c>.</returns>
    public Tensor Sum(Tensor rows)
    {
        if (Incidence.Serves(rows))
        {
            using Tensor numbers = arange(owners.size(0), ScalarType.Int64);
            using Tensor matrix = Incidence.Of(owners, numbers, count, owners.size(0), rows.dtype);
            return Incidence.Times(matrix, rows);
        }

        long[] shape = rows.shape;
        shape[0] = count;
        return zeros(shape, dtype: rows.dtype, device: rows.device).index_add_(0, owners, rows, 1);
    }

    /// <summary>The mean of each owner's rows; 0 without any.</summary>
    /// <param name="rows"><c>[rows, features]</c>. Not disposed.</param>
    /// <returns>A new tensor <c>[owners, features]</c>.</returns>
    public Tensor Mean(Tensor rows) => Sum(rows) / Counts.clamp(1).unsqueeze(1).to(rows.dtype);

    /// <summary>The largest value of each feature over each owner's rows; 0 without any. Among equal largest values the gradient is shared, as in PyG.</summary>
    /// <param name="rows"><c>[rows, features]</c>. Not disposed.</param>
    /// <returns>A new tensor <c>[owners, features]</c>.</returns>
    /// <remarks>Every owner's rows stand in a row of their own, -inf where it has fewer than the largest of its table: memory goes with the rows, even where one owner has most of them.</remarks>
    public Tensor Max(Tensor rows)
    {
        Place();
        Tensor[] largest = [.. _tables!.Select(table => table.Max(rows))];
        if (_tables is [{ Owners: null }])
        {
            return largest[0].masked_fill(Counts.eq(0).unsqueeze(1), 0);
        }

        Tensor none = zeros([count, rows.size(1)], dtype: rows.dtype, device: rows.device);
        return largest.Length == 0 ? none : none.index_copy(0, cat([.. _tables!.Select(table => table.Owners!)], 0), cat(largest, 0));
    }

    /// <summary>Softmax over each owner's rows, feature by feature, each owner's largest score subtracted first.</summary>
    /// <param name="scores"><c>[rows, features]</c>. Not disposed.</param>
    /// <returns>A new tensor <c>[rows, features]</c>.</returns>
    public Tensor Softmax(Tensor scores)
    {
        Tensor weights = (scores - Spread(Max(scores.detach()))).exp();                          // [rows, features]
        return weights / (Spread(Sum(weights)) + TinySum);
    }

    /// <summary>Copies rows, each as often as it is asked for. Where gradients flow back they are summed as in <see cref="Sum"/>.</summary>
    /// <param name="values"><c>[rows, ...]</c>. Not disposed.</param>
    /// <param name="which">int64 <c>[copies]</c>. Not disposed.</param>
    /// <returns>A new tensor <c>[copies, ...]</c>.</returns>
    public static Tensor Copy(Tensor values, Tensor which)
    {
        if (!Incidence.Serves(values) || !values.requires_grad || !is_grad_enabled())
        {
            return values.index_select(0, which);
        }

        using Tensor numbers = arange(which.size(0), ScalarType.Int64);
        using Tensor matrix = Incidence.Of(numbers, which, which.size(0), values.size(0), values.dtype);
        return Incidence.Times(matrix, values);
    }
}
