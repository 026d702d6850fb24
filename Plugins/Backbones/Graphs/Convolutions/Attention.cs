using static TorchSharp.torch;

namespace DeltaTune.Backbones.Graphs;

/// <summary>What the kinds of attention over edges share.</summary>
internal static class Attention
{
    /// <summary>Weighs what the nodes send by the softmax of its scores over all that arrives at a node, and sums it.</summary>
    /// <param name="edges">The edges.</param>
    /// <param name="values">What the nodes send, <c>[nodes, heads, size]</c>. Not disposed.</param>
    /// <param name="scores"><c>[edges, heads]</c>. Not disposed.</param>
    /// <param name="heads">How many, and what becomes of their results.</param>
    /// <param name="training">Whether dropout acts.</param>
    /// <returns>A new tensor <c>[nodes, size]</c> or <c>[nodes, heads · size]</c>.</returns>
    public static Tensor Mix(EdgeList edges, Tensor values, Tensor scores, AttentionHeads heads, bool training)
        => Join(edges.SumSent(values, Weights(edges, scores, heads, training)), heads);

    /// <summary>The softmax of scores over all that arrive at a node.</summary>
    /// <param name="edges">The edges.</param>
    /// <param name="scores"><c>[edges, heads]</c>. Not disposed.</param>
    /// <param name="heads">How much of it is dropped.</param>
    /// <param name="training">Whether dropout acts.</param>
    /// <returns>A new tensor <c>[edges, heads]</c>.</returns>
    public static Tensor Weights(EdgeList edges, Tensor scores, AttentionHeads heads, bool training)
        => GraphDropout.Apply(edges.Nodes.Softmax(scores), heads.Dropout, training);

    /// <summary>Puts the heads' results together.</summary>
    /// <param name="mixed"><c>[nodes, heads, size]</c>. Not disposed.</param>
    /// <param name="heads">How.</param>
    /// <returns>A new tensor <c>[nodes, size]</c> or <c>[nodes, heads · size]</c>.</returns>
    public static Tensor Join(Tensor mixed, AttentionHeads heads) => heads.Averages ? mixed.mean([1]) : mixed.flatten(1);

    /// <summary>The product of each head's state with its attention vector.</summary>
    /// <param name="states"><c>[rows, heads, size]</c>. Not disposed.</param>
    /// <param name="vectors"><c>[1, heads, size]</c>. Not disposed.</param>
    /// <returns>A new tensor <c>[rows, heads]</c>.</returns>
    public static Tensor Scores(Tensor states, Tensor vectors) => (states * vectors).sum(dim: -1);

    /// <summary>Takes the heads apart: <c>[rows, heads · size]</c> to a view <c>[rows, heads, size]</c>.</summary>
    public static Tensor Split(Tensor states, long heads) => states.view(states.size(0), heads, states.size(1) / heads); // no -1: there may be no rows
}
