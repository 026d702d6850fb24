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
        Tensor bonds = Attention.Split(_bonds.Rows(), _heads.Count);                 // [types + directions, heads, size]
        Tensor vectors = _own.Other("att");                                          // [1, heads, 2 · size]
        long size = mapped.size(2);
        Tensor own = vectors.narrow(2, 0, size), other = vectors.narrow(2, size, size);
        // a·m_ij in parts: what atoms and bonds have of it is computed once an atom and once a kind of bond, not an edge
        Tensor scores = list.Nodes.Spread(Attention.Scores(mapped, own)) + list.Sent(Attention.Scores(mapped, other))
            + edges.Bonds.mm(Attention.Scores(bonds, other));                        // [edges, heads]
        Tensor weights = Attention.Weights(list, scores.leaky_relu(Slope), _heads, training);
        Tensor kinds = list.Nodes.Sum(weights.unsqueeze(-1) * edges.Bonds.unsqueeze(1)); // [nodes, heads, types + directions], each kind's share of the weight
        Tensor carried = kinds.transpose(0, 1).bmm(bonds.transpose(0, 1)).transpose(0, 1);
        Tensor next = Attention.Join(list.SumSent(mapped, weights) + carried, _heads);
        return _own.Bias is { } bias ? next + bias : next;
    }
}
