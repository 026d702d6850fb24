using DeltaTune.Sites;
using TorchSharp;
using static TorchSharp.torch;

namespace DeltaTune.Backbones.Graphs;

/// <summary>Edges as a convolution walks along them: messages go from source to target.</summary>
internal sealed class EdgeList
{
    private readonly long _nodes;
    private Tensor? _matrix; // sparse [nodes, nodes], a 1 an edge

    /// <param name="sources">int64 <c>[edges]</c>.</param>
    /// <param name="targets">int64 <c>[edges]</c>.</param>
    /// <param name="nodes">How many nodes there are.</param>
    /// <param name="numbers">What each edge carries, <c>[edges, features]</c>; null for nothing.</param>
    public EdgeList(Tensor sources, Tensor targets, long nodes, Tensor? numbers)
        => (Sources, Targets, Numbers, _nodes, Nodes) = (sources, targets, numbers, nodes, new Segments(targets, nodes));

    public Tensor Sources { get; }

    public Tensor Targets { get; }

    public Tensor? Numbers { get; }

    /// <summary>Gets the nodes with the edges that end at them.</summary>
    public Segments Nodes { get; }

    /// <summary>What the source of each edge holds.</summary>
    /// <param name="states"><c>[nodes, ...]</c>. Not disposed.</param>
    /// <returns>A new tensor <c>[edges, ...]</c>.</returns>
    public Tensor Sent(Tensor states) => Segments.Copy(states, Sources);

    /// <summary>Makes in the current dispose scope what <see cref="AddSent"/> shares from call to call.</summary>
    /// <param name="like">Has the type and device of the states.</param>
    public void Place(Tensor like) => _matrix ??= Incidence.Serves(like) ? Matrix(like.dtype, null) : null;

    /// <summary>Adds to every node what arrives there: own_i + Σ w·h_j over the edges j -> i.</summary>
    /// <param name="own">Each node's own share, <c>[nodes, features]</c>. Not disposed.</param>
    /// <param name="states">What each node sends, the same shape. Not disposed.</param>
    /// <param name="weights">w, <c>[edges, 1]</c>; null for 1. Not disposed.</param>
    /// <returns>A new tensor of the same shape.</returns>
    public Tensor AddSent(Tensor own, Tensor states, Tensor? weights = null)
    {
        using DisposeScope scope = NewDisposeScope();
        if (Incidence.Serves(states) && weights is not { requires_grad: true } && (weights is null || weights.dtype == states.dtype))
        {
            Tensor matrix = weights is null && _matrix is { } made && made.dtype == states.dtype ? made : Matrix(states.dtype, weights?.view(-1));
            return own.addmm(matrix, states).MoveToOuterDisposeScope();
        }

        Tensor messages = states.index_select(0, Sources);                           // [edges, features]
        messages = weights is null ? messages : messages * weights;
        return own.index_add(0, Targets, messages, 1).MoveToOuterDisposeScope();
    }

    /// <summary>Sums at every node what arrives there, head by head: Σ w·v_j over the edges j -> i.</summary>
    /// <param name="values">v, <c>[nodes, heads, size]</c>. Not disposed.</param>
    /// <param name="weights">w, <c>[edges, heads]</c>. Not disposed.</param>
    /// <returns>A new tensor <c>[nodes, heads, size]</c>.</returns>
    public Tensor SumSent(Tensor values, Tensor weights)
    {
        using DisposeScope scope = NewDisposeScope();
        if (!Incidence.Serves(values) || weights.dtype != values.dtype)
        {
            return Nodes.Sum(Sent(values) * weights.unsqueeze(-1)).MoveToOuterDisposeScope();
        }

        long[] shape = values.shape;
        Tensor rows = values.reshape(_nodes * shape[1], shape[2]);                   // a head of a node is a row
        return WeighedSum.Of(rows, weights.reshape(-1), Cells(Targets, shape[1]), Cells(Sources, shape[1])).view(shape).MoveToOuterDisposeScope();
    }

    /// <summary>Maps what edges carry.</summary>
    /// <param name="map">The site.</param>
    /// <returns>A new tensor <c>[edges, out]</c>.</returns>
    /// <remarks>The site sees <c>[1, edges, in]</c>: rows routed to different deltas go by nodes, and as many edges as nodes would be taken for them.</remarks>
    public Tensor Mapped(LinearSite map) => map.Call(Numbers!.unsqueeze(0)).squeeze(0);

    /// <summary>Puts together what arrives at each node.</summary>
    /// <param name="messages"><c>[edges, features]</c>. Not disposed.</param>
    /// <param name="kind">How.</param>
    /// <returns>A new tensor <c>[nodes, features]</c>.</returns>
    public Tensor Aggregate(Tensor messages, NeighbourAggregation kind) => kind switch
    {
        NeighbourAggregation.Sum => Nodes.Sum(messages),
        NeighbourAggregation.Max => Nodes.Max(messages),
        _ => Nodes.Mean(messages),
    };

    private static Tensor Cells(Tensor ends, long heads)
        => heads == 1 ? ends : (ends.unsqueeze(1) * heads + arange(heads, ScalarType.Int64, ends.device)).view(-1);

    private Tensor Matrix(ScalarType type, Tensor? weights) => Incidence.Of(Targets, Sources, _nodes, _nodes, type, weights);
}
