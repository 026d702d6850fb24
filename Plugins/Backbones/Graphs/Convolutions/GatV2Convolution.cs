using DeltaTune.Sites;
using static TorchSharp.torch;

namespace DeltaTune.Backbones.Graphs;

/// <summary>The convolution of GATv2: a node sums its neighbours' W·h_j, weighed by softmax over j of a·LeakyReLU(W'·h_i + W·h_j + W''·e_ij), head by head.</summary>
/// <remarks>Source: Brody et al. 2022, equation 7, https://arxiv.org/abs/2105.14491; edges and loops as in PyG's GATv2Conv.</remarks>
internal sealed class GatV2Convolution : GraphConvolution
{
    private readonly LinearSite _source;
    private readonly LinearSite? _target, _edge;
    private readonly WeightNode _own;
    private readonly AttentionHeads _heads;
    private readonly LoopRule _loops;
    private readonly double _slope;

    /// <param name="source">W.</param>
    /// <param name="target">W', or null where it is W.</param>
    /// <param name="edge">W'', or null where edges carry nothing.</param>
    /// <param name="own">Holds the attention vector and the bias.</param>
    /// <param name="heads">How many, and what becomes of their results.</param>
    /// <param name="loops">Which loops there are.</param>
    /// <param name="slope">Of the leaky ReLU below 0.</param>
    public GatV2Convolution(LinearSite source, LinearSite? target, LinearSite? edge, WeightNode own, AttentionHeads heads, LoopRule loops, double slope)
    {
        (_source, _target, _edge, _own, _heads, _loops, _slope) = (source, target, edge, own, heads, loops, slope);
        Sites = [source, .. new[] { target, edge }.OfType<LinearSite>()];
    }

    public override IReadOnlyList<Site> Sites { get; }

    public override bool GivesFresh => false;

    public override void Prepare(GraphEdges edges) => edges.With(_loops).Nodes.Place();

    public override Tensor Call(Tensor states, GraphEdges edges, bool training)
    {
        EdgeList list = edges.With(_loops);
        Tensor source = _source.Call(states);                                        // [nodes, heads · size]
        Tensor target = _target is null ? source : _target.Call(states);
        Tensor joined = list.Sent(source) + list.Nodes.Spread(target);               // [edges, heads · size]
        joined = _edge is null ? joined : joined + list.Mapped(_edge);
        Tensor scores = Attention.Scores(Attention.Split(joined.leaky_relu(_slope), _heads.Count), _own.Other("att")); // [edges, heads]
        Tensor next = Attention.Mix(list, Attention.Split(source, _heads.Count), scores, _heads, training); // [nodes, out]
        return _own.Bias is { } bias ? next + bias : next;
    }
}
