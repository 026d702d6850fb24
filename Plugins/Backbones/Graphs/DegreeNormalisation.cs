using static TorchSharp.torch;

namespace DeltaTune.Backbones.Graphs;

/// <summary>The matrix D^-½·(A + I)·D^-½ of a batch, or D^-½·A·D^-½, never written out: rows are scaled before and after the sum over neighbours.</summary>
/// <remarks>
/// Source: Kipf and Welling 2017, equation 2, https://arxiv.org/abs/1609.02907; a loop that an edge list has already keeps its weight, as in PyG's
/// add_remaining_self_loops. D counts the weights of the edges that end at a node, and a node without any gets nothing.
/// </remarks>
internal sealed class DegreeNormalisation
{
    private readonly EdgeList _edges;
    private readonly Tensor? _weights, _loops; // [edges, 1] and [nodes, 1]; null: all edges weigh 1, there are no loops beside them
    private readonly bool _hasPlainLoops;      // every loop weighs 1

    private DegreeNormalisation(EdgeList edges, Tensor? weights, Tensor? loops, bool hasPlainLoops, Tensor roots)
        => (_edges, _weights, _loops, _hasPlainLoops, Roots) = (edges, weights, loops, hasPlainLoops, roots);

    /// <summary>Gets D^-½, <c>[nodes, 1]</c>.</summary>
    public Tensor Roots { get; }

    /// <summary>Prepares the matrix in the current dispose scope.</summary>
    /// <param name="edges">The edges, without the loops that stand beside them.</param>
    /// <param name="weights">Their weights <c>[edges, 1]</c>, or null.</param>
    /// <param name="loops">The weights of each node's loop <c>[nodes, 1]</c>, all 1 where <paramref name="weights"/> is null; null without loops.</param>
    /// <param name="like">Has the type and device of the states.</param>
    public static DegreeNormalisation Of(EdgeList edges, Tensor? weights, Tensor? loops, Tensor like)
    {
        if (weights is null)
        {
            edges.Place(like);
        }

        Tensor degrees = weights is null ? edges.Nodes.Counts.to(like.dtype).unsqueeze(1) : edges.Nodes.Sum(weights); // [nodes, 1]
        degrees = loops is null ? degrees : degrees + loops;
        Tensor roots = degrees.pow(-0.5).masked_fill(degrees.eq(0), 0);
        return new DegreeNormalisation(edges, weights, loops, loops is not null && weights is null, roots);
    }

    /// <summary>Spreads states once.</summary>
    /// <param name="states"><c>[nodes, features]</c>. Not disposed.</param>
    /// <param name="addBonds">Adds to the sums, in place and before the last scaling, what the bonds hold; null for nothing.</param>
    /// <param name="scale">What the result is multiplied by.</param>
    /// <returns>A new tensor <c>[nodes, features]</c>.</returns>
    public Tensor Spread(Tensor states, Action<Tensor>? addBonds = null, double scale = 1)
    {
        Tensor scaled = states * Roots;                                              // [nodes, features]
        Tensor own = _hasPlainLoops ? scaled : _loops is null ? zeros_like(scaled) : scaled * _loops;
        Tensor sums = _edges.AddSent(own, scaled, _weights);
        addBonds?.Invoke(sums);
        return sums * (scale == 1 ? Roots : Roots * scale);
    }

    /// <summary>Spreads states K times, each time bringing back a share of where they started: H ← (1 − α)·Â·H + α·H₀.</summary>
    /// <param name="states">H₀, <c>[nodes, features]</c>. Not disposed.</param>
    /// <param name="steps">K, 1 or more.</param>
    /// <param name="teleport">α; 0 is the plain power of the matrix.</param>
    /// <returns>A new tensor <c>[nodes, features]</c>.</returns>
    /// <remarks>Source: Gasteiger et al. 2019, equation 4, https://arxiv.org/abs/1810.05997; with α = 0 Wu et al. 2019, equation 8, https://arxiv.org/abs/1902.07153.</remarks>
    public Tensor Diffuse(Tensor states, int steps, double teleport)
    {
        Tensor next = states;
        for (int step = 0; step < steps; step++)
        {
            next = Spread(next);
            next = teleport == 0 ? next : (next * (1 - teleport)) + (states * teleport);
        }

        return next;
    }
}
