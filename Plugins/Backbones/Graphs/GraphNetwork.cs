using DeltaTune.Batches;
using DeltaTune.Sites;
using TorchSharp;
using static TorchSharp.torch;

namespace DeltaTune.Backbones.Graphs;

/// <summary>A network of graph convolutions, over molecules or over feature vectors.</summary>
/// <remarks>Sources: each convolution's own; molecules: Hu et al. 2020, https://arxiv.org/abs/1905.12265.</remarks>
internal sealed class GraphNetwork : Backbone
{
    private readonly GraphNetworkConfig _config;
    private readonly WeightNode? _elements, _chiralities;
    private readonly LinearSite? _input;
    private readonly StreamSite? _inputSite;
    private readonly PlaceEncoder? _places;
    private readonly GraphLayer[] _layers;
    private readonly JumpingJoin _jump;
    private readonly GraphPool _pool;
    private readonly Dictionary<string, Tensor> _head;

    /// <param name="description">What is known of it.</param>
    /// <param name="config">Sizes and names.</param>
    /// <param name="specs">The tensors that it has.</param>
    /// <param name="make">Makes or reads a tensor, which the network takes over.</param>
    /// <param name="head">The checkpoint's classification head by name; taken over.</param>
    public GraphNetwork(
        BackboneDescription description, GraphNetworkConfig config, IReadOnlyList<WeightSpec> specs, Func<WeightSpec, Tensor> make, Dictionary<string, Tensor> head)
        : base(description)
    {
        (_config, _head) = (config, head);
        Dictionary<string, WeightNode> nodes = WeightTree.Grow(this, specs, make);
        foreach (Tensor tensor in head.Values)
        {
            tensor.DetachFromDisposeScope();
        }

        _elements = nodes.GetValueOrDefault(config.Entities ?? config.Prefix + "x_embedding1");
        _chiralities = nodes.GetValueOrDefault(config.Prefix + "x_embedding2");
        if (config.Input is { } map)
        {
            (_input, _inputSite) = (map.Site(nodes), new StreamSite("input.out", map.Name + ".out", null, map.Out));
        }

        _places = config.EncodingMap is { } encoding ? new PlaceEncoder(config.Encoding, encoding.In, encoding.Site(nodes)) : null;
        _layers = [.. Enumerable.Range(0, config.Layers.Count).Select(i => new GraphLayer(i, config, nodes))];
        _jump = new JumpingJoin(config.Options.JumpingKnowledge, config.Options.Jump, nodes);
        _pool = new GraphPool(config.Options, nodes);
        Embeddings = new EmbeddingSite("embeddings.nodes", config.IsMolecule ? config.Prefix + "x_embedding1" : config.Entities ?? "embeddings.nodes", config.InputSize, Embed);
        InputEncoder = config.IsMolecule
            ? new GraphInputEncoder(FeatureRule.Categories("node", config.NodeCategories), FeatureRule.Categories("edge", config.EdgeCategories), config.Molecules)
            : new GraphInputEncoder(
                config.NodeCategories.Count > 0 ? FeatureRule.Categories("node", config.NodeCategories) : FeatureRule.Numbers("node", (int)config.InputSize),
                config.EdgeCategories.Count > 0 ? FeatureRule.Categories("edge", config.EdgeCategories)
                    : config.EdgeNumbers > 0 ? FeatureRule.Numbers("edge", (int)config.EdgeNumbers) : FeatureRule.Ignored, places: _places);
        Sites = [Embeddings, .. _input is null ? (IEnumerable<Site>)[] : [_input, .. _places is null ? (IEnumerable<Site>)[] : [_places.Site], _inputSite!], .. _layers.SelectMany(layer => layer.Sites), .. specs.Where(spec => !spec.IsBuffer).Select(spec => Parameter(spec, nodes[spec.Owner]))];
        Statistics = [.. specs.Where(spec => spec is { IsBuffer: true, Leaf: "running_mean" or "running_var" }).Select(spec => Parameter(spec, nodes[spec.Owner]))];

        static ParameterSite Parameter(WeightSpec spec, WeightNode node) => new(spec.Path, spec.Name, spec.Layer, spec.Leaf switch
        {
            "weight" => () => node.Weight,
            "bias" => () => node.Bias!,
            _ => () => node.Other(spec.Leaf),
        });
    }

    /// <inheritdoc/>
    public override IReadOnlyList<Site> Sites { get; }

    /// <inheritdoc/>
    public override IReadOnlyList<ParameterSite> Statistics { get; }

    /// <inheritdoc/>
    public override EmbeddingSite Embeddings { get; }

    /// <inheritdoc/>
    public override InputEncoder InputEncoder { get; }

    /// <inheritdoc/>
    public override IReadOnlyCollection<ReadOutKind> ReadOuts { get; } = [ReadOutKind.Pooled, ReadOutKind.States];

    /// <summary>Freezes everything and takes the fingerprint, once a loader has read the weights.</summary>
    public void Finish() => Freeze();

    /// <inheritdoc/>
    public override Tensor Read(Hidden hidden, ReadOut readOut)
    {
        ArgumentNullException.ThrowIfNull(hidden);
        ArgumentNullException.ThrowIfNull(readOut);
        return readOut.Kind switch
        {
            ReadOutKind.States => hidden.States.alias(),
            ReadOutKind.Pooled => _pool.Pool(hidden.States, (GraphBatch)hidden.Batch),
            _ => throw new NotSupportedException($"a graph network has no read-out {readOut.Kind}; it offers {string.Join(", ", ReadOuts)}"),
        };
    }

    /// <inheritdoc/>
    public override Head CreateHead(int classes)
        => new GraphHead(this, _config.Options.Head, (int)GraphPool.Width(_config.Options, _config.OutputSize), classes, _head, Sites.OfType<ParameterSite>().First().Value.device);

    /// <inheritdoc/>
    protected override Hidden RunLayers(Embedded embedded, ReadOutKind? reads)
    {
        ArgumentNullException.ThrowIfNull(embedded);
        using DisposeScope scope = NewDisposeScope();
        var batch = (GraphBatch)embedded.Batch;
        var edges = new GraphEdges(training && _config.Options.EdgeDropout > 0 ? DropEdges(batch, _config.Options.EdgeDropout) : batch, embedded.Inputs, _config.EdgeCategories);
        foreach (GraphLayer layer in _layers)
        {
            layer.Prepare(edges);
        }

        List<Tensor> states = [Enter(embedded, edges)];                              // [nodes, in]
        var block = new GraphBlock(_config.Options.Connections, _config.BlockLayers);
        foreach (GraphLayer layer in _layers)
        {
            (Tensor read, Tensor? skipped) = block.Next(states[^1]);
            states.Add(layer.Run(read, skipped, edges, training));                   // [nodes, hidden]
            if (_jump.NeedsLastOnly)
            {
                states[0].Dispose(); // before the next layer, not at the end: what autograd needs it keeps itself
                states.RemoveAt(0);
            }
        }

        IReadOnlyList<Tensor> joined = _config.IsMolecule || _jump.NeedsLastOnly ? states : states[1..]; // atom embeddings are states too, feature vectors are not
        return new Hidden(_jump.Join(joined).MoveToOuterDisposeScope(), embedded.Batch);
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            foreach (Tensor tensor in _head.Values)
            {
                tensor.Dispose();
            }
        }

        base.Dispose(disposing);
    }

    private static GraphBatch DropEdges(GraphBatch batch, double probability)
    {
        Tensor kept = rand([batch.EdgeIndex.size(1)], device: batch.EdgeIndex.device).ge(probability).nonzero().flatten();
        return batch with { EdgeIndex = batch.EdgeIndex.index_select(1, kept), Edges = batch.Edges?.index_select(0, kept) };
    }

    // Drops features in training, and maps them where there is a map.
    private Tensor Enter(Embedded embedded, GraphEdges edges)
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor states = GraphDropout.Apply(embedded.Inputs.alias(), _config.Options.InputDropout, training);
        if (_input is not null)
        {
            states = _input.Call(states);                                            // [nodes, features] -> [nodes, hidden]
            states = _places is null ? states : states + _places.Call((GraphBatch)embedded.Batch, states, training);
            states = _inputSite!.Call(_config.ActivatesInput ? _config.Options.Activation.Of(states) : states);
            edges.First = states.alias().MoveToOuterDisposeScope(); // with nothing dropped, as Chen et al. 2020 have it
            states = GraphDropout.Apply(states, _config.Options.Dropout, training);
        }

        return states.MoveToOuterDisposeScope();
    }

    private Embedded Embed(ModelBatch batch)
    {
        var graphs = (GraphBatch)batch;
        if (_elements is null)
        {
            return new Embedded(graphs.Nodes.alias(), graphs);
        }

        using DisposeScope scope = NewDisposeScope();
        Tensor inputs = _elements.Weight.index_select(0, graphs.Nodes.select(1, 0)); // [nodes, in]
        inputs = _chiralities is null ? inputs : inputs.add(_chiralities.Weight.index_select(0, graphs.Nodes.select(1, 1)));   // [nodes, in]
        return new Embedded(inputs.MoveToOuterDisposeScope(), graphs);
    }
}
