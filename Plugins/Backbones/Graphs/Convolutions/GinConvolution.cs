using DeltaTune.Sites;
using static TorchSharp.torch;

namespace DeltaTune.Backbones.Graphs;

/// <summary>The convolution of GIN: h_i ← MLP((1 + ε)·h_i + Σ_j h_j), and of GINE, where a neighbour sends ReLU(h_j + e_ij).</summary>
/// <remarks>
/// Source: Xu et al. 2019, equation 4.1, https://arxiv.org/abs/1810.00826; in molecules, Hu et al. 2020, appendix A, https://arxiv.org/abs/1905.12265: each
/// neighbour, and the atom itself by a self-loop, comes with the embedding of its bond. GINE: the same paper, equation 4.1 of §4, as PyG's GINEConv has it.
/// </remarks>
internal sealed class GinConvolution : GraphConvolution
{
    private readonly LinearSite[] _maps;
    private readonly GraphBatchNorm?[] _norms;
    private readonly LinearSite? _edgeMap;
    private readonly WeightNode? _epsilonNode;
    private readonly double _epsilon;
    private readonly BondTables? _bonds;
    private readonly bool _readsEdges;

    /// <param name="maps">The linear maps of its network, one or more.</param>
    /// <param name="norms">The batch norm after each, or null.</param>
    /// <param name="edgeMap">Maps what an edge carries to the size of the nodes; null where it has that size.</param>
    /// <param name="nodes">The backbone's modules by checkpoint path.</param>
    /// <param name="epsilonNode">Holds ε; null where the checkpoint has none.</param>
    /// <param name="epsilon">ε then.</param>
    /// <param name="bonds">A molecule's tables, or null.</param>
    /// <param name="readsEdges">Whether it is a GINE.</param>
    public GinConvolution(
        IReadOnlyList<MapPlan> maps, GraphBatchNorm?[] norms, MapPlan? edgeMap, IReadOnlyDictionary<string, WeightNode> nodes, WeightNode? epsilonNode, double epsilon,
        BondTables? bonds, bool readsEdges)
    {
        _maps = [.. maps.Select(map => map.Site(nodes))];
        _edgeMap = edgeMap?.Site(nodes);
        (_norms, _epsilonNode, _epsilon, _bonds, _readsEdges) = (norms, epsilonNode, epsilon, bonds, readsEdges);
        Sites = _edgeMap is null ? _maps : [_edgeMap, .. _maps];
    }

    public override IReadOnlyList<Site> Sites { get; }

    public override bool GivesFresh => !_maps[^1].HasEffects;

    public override void Prepare(GraphEdges edges)
    {
        if (!_readsEdges)
        {
            edges.Given.Place(edges.First);
        }

        if (_bonds is not null)
        {
            edges.CountBonds();
        }
    }

    public override Tensor Call(Tensor states, GraphEdges edges, bool training)
    {
        Tensor next = Summed(states, edges);                                         // [nodes, in]
        for (int k = 0; k < _maps.Length; k++)
        {
            next = _maps[k].Call(next);
            next = _norms[k] is { } norm ? norm.Call(next, training) : next;
            // in place where nobody else can have kept the tensor: then it is the fresh result of a product or a norm, whose gradients do not need it
            next = k + 1 == _maps.Length ? next : _norms[k] is not null || !_maps[k].HasEffects ? next.relu_() : next.relu();
        }

        return next;                                                                 // [nodes, out]
    }

    // (1 + ε)·h_i + Σ_j h_j, and with bonds Σ_j e_ij + e_ii
    private Tensor Summed(Tensor states, GraphEdges edges)
    {
        Tensor own = _epsilonNode is not null ? states * (_epsilonNode.Other("eps") + 1)
            : _epsilon != 0 ? states * (1 + _epsilon)
            : states;
        if (_readsEdges)
        {
            Tensor carried = _edgeMap is null ? edges.Given.Numbers! : edges.Given.Mapped(_edgeMap); // [edges, in]
            Tensor messages = edges.Given.Sent(states).add(carried).relu();
            return own.index_add(0, edges.Given.Targets, messages, 1);
        }

        Tensor sums = edges.Given.AddSent(own, states);
        _bonds?.AddTo(sums, edges);
        return sums;
    }
}
