using DeltaTune.Sites;
using static TorchSharp.torch;

namespace DeltaTune.Backbones.Graphs;

/// <summary>The convolution of GCNII: with P the normalised edges, H⁰ what the first layer reads and S = (1 − α)·P·H + α·H⁰ it gives (1 − β)·S + β·S·W.</summary>
/// <remarks>
/// Source: Chen et al. 2020, "Simple and Deep Graph Convolutional Networks", equation 5, https://arxiv.org/abs/2007.02133; where H⁰ has a map of its own (GCNII*, §3),
/// (1 − β)·S + β·((1 − α)·P·H·W + α·H⁰·W'). The activation follows outside. Names as in PyG's GCN2Conv.
/// </remarks>
internal sealed class Gcn2Convolution : GraphConvolution
{
    private readonly LinearSite _map;
    private readonly LinearSite? _initial;
    private readonly LoopRule _loops;
    private readonly bool _isWeighted;
    private readonly double _alpha, _beta;

    /// <param name="map">W.</param>
    /// <param name="initial">W', or null where W serves both.</param>
    /// <param name="loops">Which loops there are.</param>
    /// <param name="isWeighted">Whether an edge carries its weight.</param>
    /// <param name="alpha">α.</param>
    /// <param name="beta">β of this layer.</param>
    public Gcn2Convolution(LinearSite map, LinearSite? initial, LoopRule loops, bool isWeighted, double alpha, double beta)
    {
        (_map, _initial, _loops, _isWeighted, _alpha, _beta) = (map, initial, loops, isWeighted, alpha, beta);
        Sites = initial is null ? [map] : [map, initial];
    }

    public override IReadOnlyList<Site> Sites { get; }

    public override bool GivesFresh => true;

    public override void Prepare(GraphEdges edges) => edges.Normalised(_loops, _isWeighted);

    public override Tensor Call(Tensor states, GraphEdges edges, bool training)
    {
        Tensor spread = edges.Normalised(_loops, _isWeighted).Spread(states, scale: 1 - _alpha); // [nodes, hidden]
        Tensor sum = spread.add(edges.First, _alpha);
        Tensor mapped = _initial is null ? _map.Call(sum) : _map.Call(spread) + _initial.Call(edges.First * _alpha);
        return (sum * (1 - _beta)).add_(mapped, _beta);
    }
}
