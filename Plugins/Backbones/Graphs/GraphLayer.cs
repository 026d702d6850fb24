using DeltaTune.Sites;
using TorchSharp;
using static TorchSharp.torch;

namespace DeltaTune.Backbones.Graphs;

/// <summary>One layer of a graph network: convolution, norm, activation. Owns no weights: they are the backbone's modules.</summary>
internal sealed class GraphLayer
{
    private readonly GraphNetworkOptions _options;
    private readonly bool _activates, _drops;
    private readonly bool _isAhead; // norm and activation stand before the convolution
    private readonly GraphConvolution _convolution;
    private readonly GraphBatchNorm? _batchNorm;
    private readonly GraphNorm? _graphNorm;
    private readonly StreamSite _inputSite, _convolutionSite, _output;
    private readonly StreamSite? _normSite;

    /// <param name="index">The layer number.</param>
    /// <param name="config">The whole network's sizes and names.</param>
    /// <param name="nodes">The backbone's modules by checkpoint path.</param>
    public GraphLayer(int index, GraphNetworkConfig config, IReadOnlyDictionary<string, WeightNode> nodes)
    {
        GraphLayerConfig layer = config.Layers[index];
        string path = $"layers.{index}";
        _options = config.Options;
        _isAhead = _options.Connections == GraphConnections.PreActivation;
        _activates = layer.Activates && (_isAhead || index + 1 < config.Layers.Count || _options.LastActivation);
        _drops = _isAhead || index + 1 < config.Layers.Count || _options.OutputSize is null;
        _convolution = layer.Convolution.Build(nodes);
        _convolutionSite = new StreamSite(path + ".conv", layer.Convolution.Name, index, layer.Out);
        if (layer.Norm is { } norm)
        {
            _batchNorm = layer.NormsGraphs ? null : new GraphBatchNorm(nodes[norm], _options.NormEpsilon);
            _graphNorm = layer.NormsGraphs ? new GraphNorm(nodes[norm], _options.NormEpsilon) : null;
            _normSite = new StreamSite(path + ".norm", norm, index, _isAhead ? layer.In : layer.Out);
        }

        _inputSite = new StreamSite(path + ".in", path + ".in", index, layer.In);

        _output = new StreamSite(path, path, index, layer.Out);
        Site[] norms = _normSite is null ? [] : [_normSite];
        Sites = [_inputSite, .. _isAhead ? norms : [], .. _convolution.Sites, _convolutionSite, .. _isAhead ? [] : norms, _output];
    }

    /// <summary>Gets the layer's places, in the order of the data's way.</summary>
    public IReadOnlyList<Site> Sites { get; }

    /// <summary>Has the edges make, in the current dispose scope, what <see cref="Run"/> will ask of them.</summary>
    public void Prepare(GraphEdges edges)
    {
        _convolution.Prepare(edges);
        if (_graphNorm is not null)
        {
            _ = edges.Graphs.Counts;
        }
    }

    /// <summary>Runs the layer.</summary>
    /// <param name="states"><c>[nodes, in]</c>. Not disposed.</param>
    /// <param name="skipped">What is added to what the layer gives, <c>[nodes, out]</c>; left out where it is null or of another size. Not disposed.</param>
    /// <param name="edges">The pass's edges, prepared.</param>
    /// <param name="training">Whether norms go by the batch, and dropout acts.</param>
    /// <returns>A new tensor <c>[nodes, out]</c>.</returns>
    public Tensor Run(Tensor states, Tensor? skipped, GraphEdges edges, bool training)
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor next = _inputSite.Call(states);
        if (_isAhead)
        {
            next = Drop(Activate(Norm(next, edges, training), isFresh: _normSite is { HasEffects: false }), training);
        }

        next = _convolutionSite.Call(_convolution.Call(next, edges, training));      // [nodes, in] -> [nodes, out]
        if (!_isAhead)
        {
            bool isFresh = _normSite is not null ? !_normSite.HasEffects : !_convolutionSite.HasEffects && _convolution.GivesFresh;
            next = Activate(Norm(next, edges, training), isFresh); // in place where nobody else can have kept the tensor
        }

        if (skipped is not null && skipped.size(1) == next.size(1))
        {
            next += skipped;
        }

        return _output.Call(_isAhead ? next : Drop(next, training)).MoveToOuterDisposeScope();
    }

    private Tensor Norm(Tensor states, GraphEdges edges, bool training)
        => _normSite is null ? states : _normSite.Call(_batchNorm?.Call(states, training) ?? _graphNorm!.Call(states, edges.Graphs));

    private Tensor Activate(Tensor states, bool isFresh) => _activates ? _options.Activation.Of(states, isFresh) : states;

    private Tensor Drop(Tensor states, bool training) => GraphDropout.Apply(states, _options.Dropout, training && _drops);
}
