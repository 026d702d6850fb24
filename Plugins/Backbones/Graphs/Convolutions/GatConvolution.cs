using DeltaTune.Sites;
using static TorchSharp.torch;

namespace DeltaTune.Backbones.Graphs;

/// <summary>The convolution of GAT: a node sums its neighbours' W·h_j, weighed by softmax over j of LeakyReLU(a·W·h_i + a'·W·h_j + a''·W'·e_ij), head by head.</summary>
/// <remarks>Source: Veličković et al. 2018, equations 1 to 6, https://arxiv.org/abs/1710.10903; edges and loops as in PyG's GATConv. The attention vector of the paper is a, a' one after the other.</remarks>
internal sealed class GatConvolution : GraphConvolution
{
    private readonly LinearSite _map;
    private readonly LinearSite? _edge;
    private readonly WeightNode _own;
    private readonly AttentionHeads _heads;
    private readonly LoopRule _loops;
    private readonly double _slope;

    /// <param name="map">W.</param>
    /// <param name="edge">W', or null where edges carry nothing.</param>
    /// <param name="own">Holds the attention vectors and the bias.</param>
    /// <param name="heads">How many, and what becomes of their results.</param>
    /// <param name="loops">Which loops there are.</param>
    /// <param name="slope">Of the leaky ReLU below 0.</param>
    public GatConvolution(LinearSite map, LinearSite? edge, WeightNode own, AttentionHeads heads, LoopRule loops, double slope)
    {
        (_map, _edge, _own, _heads, _loops, _slope) = (map, edge, own, heads, loops, slope);
        Sites = edge is null ? [map] : [map, edge];
    }

    public override IReadOnlyList<Site> Sites { get; }

    public override bool GivesFresh => false;

    public override void Prepare(GraphEdges edges) => edges.With(_loops).Nodes.Place();

    public override Tensor Call(Tensor states, GraphEdges edges, bool training)
    {
        EdgeList list = edges.With(_loops);
        Tensor mapped = Attention.Split(_map.Call(states), _heads.Count);            // [nodes, heads, size]
        Tensor scores = list.Sent(Attention.Scores(mapped, _own.Other("att_src")))
            + list.Nodes.Spread(Attention.Scores(mapped, _own.Other("att_dst")));    // [edges, heads]
        if (_edge is not null)
        {
            scores += Attention.Scores(Attention.Split(list.Mapped(_edge), _heads.Count), _own.Other("att_edge"));
        }

        Tensor next = Attention.Mix(list, mapped, scores.leaky_relu(_slope), _heads, training); // [nodes, out]
        return _own.Bias is { } bias ? next + bias : next;
    }
}
