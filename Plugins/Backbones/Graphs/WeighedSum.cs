using TorchSharp;
using static TorchSharp.torch;

namespace DeltaTune.Backbones.Graphs;

/// <summary>Sums of rows, each weighed by a number that learns too: the product of a sparse matrix with a table, with the gradients of both.</summary>
/// <remarks>
/// With out_i = Σ w_k·v_j over the entries k = (i, j): ∂v = the transposed matrix times ∂out, and ∂w_k = ∂out_i · v_j. The table of all w_k·v_j, one row an entry, never
/// exists, neither going forward nor back: ∂w is taken a piece of the entries at a time, small enough for a processor's cache.
/// </remarks>
internal sealed class WeighedSum : autograd.SingleTensorFunction<WeighedSum>
{
    private const long PieceNumbers = 1 << 17; // in each of a piece's two tables

    public override string Name => nameof(WeighedSum);

    /// <summary>Sums.</summary>
    /// <param name="values">v, <c>[rows, size]</c>, such as <see cref="Incidence.Serves"/>. Not disposed.</param>
    /// <param name="weights">w, <c>[entries]</c>, of the same type. Not disposed.</param>
    /// <param name="targets">i of each entry, int64 <c>[entries]</c>. Not disposed.</param>
    /// <param name="sources">j of each entry. Not disposed.</param>
    /// <returns>A new tensor <c>[rows, size]</c>.</returns>
    public static Tensor Of(Tensor values, Tensor weights, Tensor targets, Tensor sources)
        => is_grad_enabled() && (values.requires_grad || weights.requires_grad) ? apply(values, weights, targets, sources) : Product(values, weights, targets, sources);

    public override Tensor forward(autograd.AutogradContext ctx, params object[] vars)
    {
        Tensor values = (Tensor)vars[0], weights = (Tensor)vars[1], targets = (Tensor)vars[2], sources = (Tensor)vars[3];
        ctx.save_for_backward([values, weights, targets, sources]);
        return Product(values, weights, targets, sources);
    }

    public override List<Tensor> backward(autograd.AutogradContext ctx, Tensor grad_output)
    {
        List<Tensor> saved = ctx.get_saved_variables();
        Tensor values = saved[0], weights = saved[1], targets = saved[2], sources = saved[3];
        return [Product(grad_output, weights, sources, targets), Products(grad_output, targets, values, sources), null!, null!];
    }

    private static Tensor Product(Tensor values, Tensor weights, Tensor rows, Tensor columns)
    {
        using Tensor matrix = Incidence.Of(rows, columns, values.size(0), values.size(0), values.dtype, weights);
        return Incidence.Times(matrix, values);
    }

    // a_i · b_j of each entry
    private static Tensor Products(Tensor a, Tensor rows, Tensor b, Tensor columns)
    {
        long entries = rows.size(0), piece = Math.Max(1, PieceNumbers / Math.Max(1, a.size(1)));
        Tensor products = empty([entries], dtype: a.dtype);
        for (long start = 0; start < entries; start += piece)
        {
            using DisposeScope scope = NewDisposeScope();
            long count = Math.Min(piece, entries - start);
            Tensor left = a.index_select(0, rows.narrow(0, start, count)), right = b.index_select(0, columns.narrow(0, start, count)); // [count, size]
            products.narrow(0, start, count).copy_(left.mul_(right).sum(dim: 1));
        }

        return products;
    }
}
