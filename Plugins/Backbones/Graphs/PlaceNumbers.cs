using TorchSharp;
using static TorchSharp.torch;

namespace DeltaTune.Backbones.Graphs;

/// <summary>Numbers that say where each node stands in its graph.</summary>
/// <remarks>
/// Random walks: the diagonals of P, P², ..., P being the adjacency with rows that sum to 1. Eigenvectors: those of I − D^-½·A·D^-½ with the smallest eigenvalues but the first, directions of edges
/// left out, 0 where a graph has too few; of each the first entry whose size is the largest, to rounding, is positive. Among equal eigenvalues any vectors that span the same space may come.
/// </remarks>
internal static class PlaceNumbers
{
    private const double Rounding = 1e-6; // entries of float64 eigenvectors that are equal in truth differ by less

    /// <summary>Computes the numbers of one graph.</summary>
    /// <param name="kind">Which.</param>
    /// <param name="size">How many.</param>
    /// <param name="nodes">How many nodes there are.</param>
    /// <param name="sources">The source of each edge.</param>
    /// <param name="targets">The target of each edge.</param>
    /// <returns><c>[nodes, size]</c>, row-major.</returns>
    public static float[] Of(GraphEncoding kind, int size, int nodes, int[] sources, int[] targets)
    {
        using DisposeScope scope = NewDisposeScope();
        using IDisposable off = no_grad();
        var links = new double[(long)nodes * nodes];
        for (int e = 0; e < sources.Length; e++)
        {
            links[((long)sources[e] * nodes) + targets[e]]++;
        }

        Tensor adjacency = tensor(links, [nodes, nodes]);
        Tensor numbers = kind == GraphEncoding.RandomWalk ? Walks(adjacency, size) : Vectors(adjacency, size);
        using TorchSharp.Utils.TensorAccessor<double> values = numbers.contiguous().data<double>();
        return [.. values.Select(v => (float)v)];
    }

    private static Tensor Walks(Tensor adjacency, int size)
    {
        Tensor degrees = adjacency.sum(dim: 1).unsqueeze(1);
        Tensor step = adjacency / degrees.masked_fill(degrees.eq(0), 1), walked = step;
        List<Tensor> returns = [step.diagonal()];                                                    // [nodes]
        while (returns.Count < size)
        {
            walked = walked.mm(step);
            returns.Add(walked.diagonal());
        }

        return stack(returns, 1);
    }

    private static Tensor Vectors(Tensor adjacency, int size)
    {
        Tensor either = adjacency.add(adjacency.t()).gt(0).to(adjacency.dtype);
        Tensor degrees = either.sum(dim: 1);
        Tensor roots = degrees.pow(-0.5).masked_fill(degrees.eq(0), 0);
        (_, Tensor vectors) = linalg.eigh(eye(degrees.size(0), dtype: adjacency.dtype) - (roots.unsqueeze(1) * either * roots.unsqueeze(0))); // columns, the smallest eigenvalue first
        long have = Math.Min(size, vectors.size(1) - 1);
        Tensor chosen = vectors.narrow(1, 1, have);                                                  // [nodes, have]
        if (have > 0)
        {
            Tensor sizes = chosen.abs();
            Tensor first = sizes.ge(sizes.amax([0L], keepdim: true) - Rounding).to(ScalarType.Int64).argmax(0, true); // the first of equals
            chosen *= chosen.gather(0, first).sign();
        }

        return have == size ? chosen : cat([chosen, zeros([chosen.size(0), size - have], dtype: chosen.dtype)], 1);
    }
}
