using DeltaTune.Sites;
using static TorchSharp.torch;

namespace DeltaTune.Backbones.Graphs;

/// <summary>
/// The convolution of a graph transformer: a node sums V·h_j + E·e_ij, weighed by softmax over j of (Q·h_i)·(K·h_j + E·e_ij) / √size, head by head; its own R·h_i is
/// added, or mixed in by a gate β = σ(G·[sum, R·h_i, sum − R·h_i]).
/// </summary>
/// <remarks>Source: Shi et al. 2021, equations 3 to 5, https://arxiv.org/abs/2009.03509, as PyG's TransformerConv has it.</remarks>
internal sealed class TransformerConvolution : GraphConvolution
{
    private readonly LinearSite _query, _key, _value;
    private readonly LinearSite? _edge, _root, _gate;
    private readonly AttentionHeads _heads;

    /// <param name="query">Q.</param>
    /// <param name="key">K.</param>
    /// <param name="value">V.</param>
    /// <param name="edge">E, or null where edges carry nothing.</param>
    /// <param name="root">R, or null where a node's own state does not count.</param>
    /// <param name="gate">G, or null for a plain sum.</param>
    /// <param name="heads">How many, and what becomes of their results.</param>
    public TransformerConvolution(LinearSite query, LinearSite key, LinearSite value, LinearSite? edge, LinearSite? root, LinearSite? gate, AttentionHeads heads)
    {
        (_query, _key, _value, _edge, _root, _gate, _heads) = (query, key, value, edge, root, gate, heads);
        Sites = [query, key, value, .. new[] { edge, root, gate }.OfType<LinearSite>()];
    }

    public override IReadOnlyList<Site> Sites { get; }

    public override bool GivesFresh => false;

    public override void Prepare(GraphEdges edges) => edges.Given.Nodes.Place();

    public override Tensor Call(Tensor states, GraphEdges edges, bool training)
    {
        EdgeList list = edges.Given;
        Tensor query = Attention.Split(list.Nodes.Spread(_query.Call(states)), _heads.Count); // [edges, heads, size]
        Tensor key = Attention.Split(list.Sent(_key.Call(states)), _heads.Count), value = Attention.Split(list.Sent(_value.Call(states)), _heads.Count);
        if (_edge is not null)
        {
            Tensor carried = Attention.Split(list.Mapped(_edge), _heads.Count);
            (key, value) = (key + carried, value + carried);
        }

        Tensor scores = Attention.Scores(query, key) / Math.Sqrt(query.size(2));     // [edges, heads]
        Tensor weights = Attention.Weights(list, scores, _heads, training);
        Tensor next = Attention.Join(list.Nodes.Sum(value * weights.unsqueeze(-1)), _heads); // [nodes, out]
        if (_root is null)
        {
            return next;
        }

        Tensor own = _root.Call(states);                                             // [nodes, out]
        if (_gate is null)
        {
            return next + own;
        }

        Tensor gate = _gate.Call(cat([next, own, next - own], -1)).sigmoid();        // [nodes, 3 · out] -> [nodes, 1]
        return (gate * own) + ((1 - gate) * next);
    }
}
