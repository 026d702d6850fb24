using DeltaTune.Sites;
using static TorchSharp.torch;

namespace DeltaTune.Backbones.Graphs;

/// <summary>GraphSAGE over molecules: h_i ← the mean over neighbours and the atom itself of W·h_j + b + e_ij, scaled to length 1.</summary>
/// <remarks>Source: snap-stanford/pretrain-gnns, chem/model.py; Hamilton et al. 2017, algorithm 1, https://arxiv.org/abs/1706.02216.</remarks>
internal sealed class MoleculeSageConvolution : GraphConvolution
{
    private readonly LinearSite _map;
    private readonly BondTables _bonds;

    /// <param name="map">W and b.</param>
    /// <param name="bonds">Embeds bonds.</param>
    public MoleculeSageConvolution(LinearSite map, BondTables bonds)
    {
        (_map, _bonds) = (map, bonds);
        Sites = [map];
    }

    public override IReadOnlyList<Site> Sites { get; }

    public override bool GivesFresh => false;

    public override void Prepare(GraphEdges edges)
    {
        edges.CountBonds();
        edges.Given.Place(edges.First);
        _ = edges.Given.Nodes.Counts;
    }

    public override Tensor Call(Tensor states, GraphEdges edges, bool training)
    {
        Tensor mapped = _map.Call(states);                                           // [nodes, in] -> [nodes, out]
        Tensor sums = edges.Given.AddSent(mapped, mapped);
        _bonds.AddTo(sums, edges);
        Tensor mean = sums / edges.Given.Nodes.Counts.add(1).unsqueeze(1).to(sums.dtype); // the atom itself is one more
        return nn.functional.normalize(mean, 2, 1);
    }
}
