using DeltaTune.Sites;
using static TorchSharp.torch;

namespace DeltaTune.Backbones.Graphs;

/// <summary>GAT over molecules: with m_ij = W·h_j + e_ij a node sums m_ij, weighed by softmax over j of LeakyReLU(a·[W·h_i, m_ij]); heads are averaged, and a bias added.</summary>
/// <remarks>Source: snap-stanford/pretrain-gnns, chem/model.py, with a slope of 0.2; Veličković et al. 2018, equations 1 to 6, https://arxiv.org/abs/1710.10903.</remarks>
internal sealed class MoleculeGatConvolution : GraphConvolution
{
    private const double Slope = 0.2;
    private readonly LinearSite _map;
    private readonly WeightNode _own;
    private readonly BondTables _bonds;
    private readonly AttentionHeads _heads;

    /// <param name="map">W.</param>
    /// <param name="own">Holds a and the bias.</param>
    /// <param name="bonds">Embeds bonds.</param>
    /// <param name="heads">How many, which are averaged.</param>
    public MoleculeGatConvolution(LinearSite map, WeightNode own, BondTables bonds, AttentionHeads heads)
    {
        (_map, _own, _bonds, _heads) = (map, own, bonds, heads);
        Sites = [map];
    }

    public override IReadOnlyList<Site> Sites { get; }

    public override bool GivesFresh => false;

    public override void Prepare(GraphEdges edges)
    {
        edges.ListBonds();
        edges.With(LoopRule.Append).Nodes.Place();
    }

    public override Tensor Call(Tensor states, GraphEdges edges, bool training)
    {
        EdgeList list = edges.With(LoopRule.Append);
        Tensor mapped = Attention.Split(_map.Call(states), _heads.Count);            // [nodes, heads, size]
        Tensor messages = list.Sent(mapped) + Attention.Split(_bonds.Embed(edges), _heads.Count); // [edges, heads, size]
        Tensor vectors = _own.Other("att");                                          // [1, heads, 2 · size]
        long size = mapped.size(2);
        Tensor scores = list.Nodes.Spread(Attention.Scores(mapped, vectors.narrow(2, 0, size)))
            + Attention.Scores(messages, vectors.narrow(2, size, size));             // [edges, heads]
        Tensor next = Attention.Mix(list, messages, scores.leaky_relu(Slope), _heads, training);
        return _own.Bias is { } bias ? next + bias : next;
    }
}
