using DeltaTune.Sites;
using TorchSharp;
using static TorchSharp.torch;

namespace DeltaTune.Backbones.Graphs;

/// <summary>One layer of a GIN: convolution, batch norm, ReLU.</summary>
/// <remarks>
/// Source: Xu et al. 2019, equation 4.1: h_i ← MLP((1 + ε)·h_i + Σ_j h_j); in molecules, Hu et al. 2020, appendix A: each neighbour, and the atom
/// itself by a self-loop, comes with the embedding of its bond. Owns no weights: they are the backbone's modules.
/// </remarks>
internal sealed class GinLayer
{
    private readonly GinOptions _options;
    private readonly bool _activates;
    private readonly WeightNode? _epsilon, _types, _directions;
    private readonly (LinearSite Map, GinNorm? Norm)[] _maps;
    private readonly GinNorm? _norm;
    private readonly StreamSite _convolutionSite, _output;
    private readonly StreamSite? _normSite;

    /// <param name="index">The layer number.</param>
    /// <param name="config">The whole network's sizes and names.</param>
    /// <param name="nodes">The backbone's modules by checkpoint path.</param>
    public GinLayer(int index, GinConfig config, IReadOnlyDictionary<string, WeightNode> nodes)
    {
        GinLayerConfig layer = config.Layers[index];
        string path = $"layers.{index}";
        _options = config.Options;
        _activates = index + 1 < config.Layers.Count || _options.LastActivation;
        _epsilon = layer.HasEpsilon ? nodes[layer.Convolution] : null;
        _types = config.IsMolecule ? nodes[layer.Convolution + ".edge_embedding1"] : null;
        _directions = config.IsMolecule ? nodes[layer.Convolution + ".edge_embedding2"] : null;
        _maps = [.. layer.Maps.Select((map, k) => (Linear(map, k), map.Norm is null ? null : Norm(map.Norm)))];
        _convolutionSite = new StreamSite(path + ".conv", layer.Convolution, index, layer.Out);
        _norm = layer.Norm is null ? null : Norm(layer.Norm);
        _normSite = layer.Norm is null ? null : new StreamSite(path + ".norm", layer.Norm, index, layer.Out);
        _output = new StreamSite(path, path, index, layer.Out);
        Sites = [.. _maps.Select(m => m.Map), _convolutionSite, .. _normSite is null ? (IEnumerable<Site>)[] : [_normSite], _output];

        GinNorm Norm(string name) => new(nodes[name], _options.NormEpsilon);

        LinearSite Linear(GinMapConfig map, int k)
        {
            WeightNode node = nodes[map.Name];
            return new LinearSite($"{path}.conv.mlp.{k}", map.Name, index, map.In, map.Out, () => node.Weight, () => node.Bias);
        }
    }

    /// <summary>Gets the layer's places, in the order of the data's way.</summary>
    public IReadOnlyList<Site> Sites { get; }

    /// <summary>Runs the layer.</summary>
    /// <param name="states"><c>[nodes, in]</c>. Not disposed.</param>
    /// <param name="edges">The pass's edges.</param>
    /// <param name="training">Whether norms go by the batch, and dropout acts.</param>
    /// <returns>A new tensor <c>[nodes, out]</c>.</returns>
    public Tensor Run(Tensor states, GraphEdges edges, bool training)
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor next = Mapped(Summed(states, edges), training);                       // [nodes, in] -> [nodes, out]
        next = _convolutionSite.Call(next);
        if (_norm is not null)
        {
            next = _normSite!.Call(_norm.Call(next, training));
        }

        if (_activates)
        {
            bool isFresh = _norm is not null ? !_normSite!.HasEffects : !_convolutionSite.HasEffects && !_maps[^1].Map.HasEffects;
            next = Rectified(next, isFresh);
        }

        if (training && _options.Dropout > 0)
        {
            next = nn.functional.dropout(next, _options.Dropout);
        }

        return _output.Call(next).MoveToOuterDisposeScope();
    }

    // (1 + ε)·h_i + Σ_j h_j, and with bonds Σ_j e_ij + e_ii
    private Tensor Summed(Tensor states, GraphEdges edges)
    {
        Tensor own = _epsilon is not null ? states * (_epsilon.Other("eps") + 1)
            : _options.Epsilon != 0 ? states * (1 + _options.Epsilon)
            : states;
        Tensor sums = edges.AddNeighbours(own, states);
        if (_types is not null)
        {
            edges.AddBonds(sums, _types.Weight, _directions!.Weight);
        }

        return sums;
    }

    private Tensor Mapped(Tensor sums, bool training)
    {
        Tensor next = sums;
        for (int k = 0; k < _maps.Length; k++)
        {
            (LinearSite map, GinNorm? norm) = _maps[k];
            next = map.Call(next);
            next = norm is null ? next : norm.Call(next, training);
            next = k + 1 < _maps.Length ? Rectified(next, norm is not null || !map.HasEffects) : next;
        }

        return next;
    }

    // In place where nobody else can have kept the tensor: then it is the fresh result of a product or a norm, whose gradients do not need it.
    private static Tensor Rectified(Tensor x, bool isFresh) => isFresh ? x.relu_() : x.relu();
}
