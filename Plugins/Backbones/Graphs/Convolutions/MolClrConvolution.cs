using DeltaTune.Sites;
using static TorchSharp.torch;

namespace DeltaTune.Backbones.Graphs;

/// <summary>The convolution of MolCLR's GCN: out_i = Σ_j (x_j·W + e_ij) + b over the neighbours j and the atom itself, with one number e_ij a bond.</summary>
/// <remarks>
/// Source: Wang et al. 2022, "Molecular Contrastive Learning of Representations via Graph Neural Networks", https://arxiv.org/abs/2102.10056,
/// yuyangw/MolCLR, models/gcn_molclr.py. The sum is not divided by degrees. W is kept as [in, out].
/// </remarks>
internal sealed class MolClrConvolution : GraphConvolution
{
    private readonly LinearSite _map;
    private readonly WeightNode _own;
    private readonly BondTables _bonds;

    /// <param name="map">W, without a bias.</param>
    /// <param name="own">Holds b.</param>
    /// <param name="bonds">The tables of bonds, one number a row.</param>
    public MolClrConvolution(LinearSite map, WeightNode own, BondTables bonds)
    {
        (_map, _own, _bonds) = (map, own, bonds);
        Sites = [map];
    }

    public override IReadOnlyList<Site> Sites { get; }

    public override bool GivesFresh => false;

    public override void Prepare(GraphEdges edges)
    {
        ArgumentNullException.ThrowIfNull(edges);
        edges.CountBonds();
        edges.Given.Place(edges.First);
    }

    public override Tensor Call(Tensor states, GraphEdges edges, bool training)
    {
        Tensor mapped = _map.Call(states);                                           // [nodes, in] -> [nodes, out]
        Tensor sums = edges.Given.AddSent(mapped, mapped) + _bonds.Sum(edges);       // [nodes, out] + [nodes, 1]
        return _own.Bias is { } bias ? sums + bias : sums;
    }
}
