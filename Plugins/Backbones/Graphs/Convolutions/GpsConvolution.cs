using DeltaTune.Sites;
using static TorchSharp.torch;

namespace DeltaTune.Backbones.Graphs;

/// <summary>
/// A layer of a graph transformer: with m = norm₁(H + local(H)) and a = norm₂(H + attention(H)) over each graph it gives norm₃(s + MLP(s)), s = m + a.
/// </summary>
/// <remarks>Source: Rampášek et al. 2022, equations 2 to 5, https://arxiv.org/abs/2205.12454, with batch norms, as PyG's GPSConv has it.</remarks>
internal sealed class GpsConvolution : GraphConvolution
{
    private readonly GraphConvolution _local;
    private readonly GraphAttention _attention;
    private readonly LinearSite _up, _down;
    private readonly GraphBatchNorm[] _norms;
    private readonly StreamSite[] _normSites;
    private readonly StreamSite _localSite;
    private readonly GraphActivation _activation;
    private readonly double _dropout;

    /// <param name="local">Message passing.</param>
    /// <param name="attention">Attention over each graph.</param>
    /// <param name="up">The MLP's first map.</param>
    /// <param name="down">The MLP's second map.</param>
    /// <param name="norms">The three norms.</param>
    /// <param name="path">The layer's common path.</param>
    /// <param name="names">The norms' paths in the checkpoint.</param>
    /// <param name="layer">The layer number.</param>
    /// <param name="activation">Of the MLP.</param>
    /// <param name="dropout">The probability of dropping an element, in training.</param>
    public GpsConvolution(
        GraphConvolution local, GraphAttention attention, LinearSite up, LinearSite down, GraphBatchNorm[] norms,
        string path, IReadOnlyList<string> names, int layer, GraphActivation activation, double dropout)
    {
        (_local, _attention, _up, _down, _norms, _activation, _dropout) = (local, attention, up, down, norms, activation, dropout);
        string[] places = ["conv.norm", "attn.norm", "ffn.norm"];
        _normSites = [.. places.Select((place, i) => new StreamSite($"{path}.{place}", names[i], layer, up.InFeatures))];
        _localSite = new StreamSite(path + ".conv.local", names[0][..names[0].IndexOf(".norm", StringComparison.Ordinal)] + ".conv", layer, up.InFeatures);
        Sites = [.. local.Sites, _localSite, _normSites[0], .. attention.Sites, _normSites[1], up, down, _normSites[2]];
    }

    public override IReadOnlyList<Site> Sites { get; }

    public override bool GivesFresh => false;

    public override void Prepare(GraphEdges edges)
    {
        _local.Prepare(edges);
        _ = edges.Dense;
    }

    public override Tensor Call(Tensor states, GraphEdges edges, bool training)
    {
        Tensor near = Norm(0, states + Drop(_localSite.Call(_local.Call(states, edges, training)), training), training);
        Tensor far = Norm(1, states + Drop(_attention.Call(states, edges.Dense), training), training);
        Tensor sum = near + far;                                                     // [nodes, hidden]
        Tensor inner = Drop(_activation.Of(_up.Call(sum)), training);                // [nodes, 2 · hidden]
        return Norm(2, sum + Drop(_down.Call(inner), training), training);
    }

    private Tensor Norm(int which, Tensor states, bool training) => _normSites[which].Call(_norms[which].Call(states, training));

    private Tensor Drop(Tensor states, bool training) => GraphDropout.Apply(states, _dropout, training);
}
