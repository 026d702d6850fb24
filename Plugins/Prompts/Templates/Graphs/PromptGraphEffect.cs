using DeltaTune.Batches;
using DeltaTune.Sites;
using TorchSharp;
using TorchSharp.Modules;
using TorchSharp.Utils;
using static TorchSharp.torch;

namespace DeltaTune.Prompts.Templates;

/// <summary>Puts the prompt's nodes behind each graph's own, with links p_i – p_j where σ(p_i·p_j) is above one threshold, and p_j → x_i where σ(p_j·x_i) is above another.</summary>
/// <remarks>
/// Source: Sun et al. 2023, https://arxiv.org/abs/2307.01504, §3.3.2 and 3.3.3. As in the published code, a link is there or not: its similarity does not weigh it. Differs: a prompt's node has
/// no link to itself, since networks that want loops add their own. Head and prompt learn together, where that code tunes them in turns.
/// </remarks>
internal sealed class PromptGraphEffect : Effect<ModelBatch, Embedded>
{
    private readonly double _inner, _cross;
    private readonly bool _twoWay;
    private readonly double[] _link;
    [ComponentName(Name = "tokens")] private readonly Parameter _tokens; // p, [tokens, features]

    /// <param name="tokens">The first value of p; taken over.</param>
    /// <param name="options">Thresholds and links.</param>
    public PromptGraphEffect(Tensor tokens, AllInOneTemplateOptions options)
        : base(nameof(PromptGraphEffect))
    {
        (_inner, _cross, _twoWay, _link) = (options.InnerThreshold, options.CrossThreshold, options.TwoWay, [.. options.LinkFeatures]);
        _tokens = new Parameter(tokens);
        RegisterComponents();
    }

    /// <inheritdoc/>
    public override Embedded Apply(ModelBatch input, Func<ModelBatch, Embedded> next)
    {
        Embedded embedded = next(input);
        var batch = (GraphBatch)embedded.Batch;
        using DisposeScope scope = NewDisposeScope();
        Tensor x = embedded.Inputs, p = _tokens.to(x.dtype);                                          // [nodes, features], [tokens, features]
        if (Strength != 1) { p = p * Strength; }
        long tokens = p.size(0), nodes = x.size(0), all = nodes + (batch.Graphs * tokens);
        Device device = x.device;
        Tensor counts = zeros([batch.Graphs], dtype: ScalarType.Int64, device: device).index_add_(0, batch.NodeGraph, ones_like(batch.NodeGraph), 1);
        Tensor graphs = arange(batch.Graphs, ScalarType.Int64, device);
        Tensor first = counts.cumsum(0) + (graphs * tokens);                                          // [graphs], where each one's tokens begin
        Tensor place = arange(nodes, ScalarType.Int64, device) + (batch.NodeGraph * tokens);          // [nodes]
        Tensor places = (first.unsqueeze(1) + arange(tokens, ScalarType.Int64, device)).flatten();    // [graphs · tokens]

        Tensor inputs = zeros([all, x.size(1)], dtype: x.dtype, device: device).index_copy(0, place, x).index_copy(0, places, p.repeat(batch.Graphs, 1));
        Tensor links = Links(x, p, batch, first, place);                                              // [2, links]
        GraphBatch wider = batch with
        {
            Nodes = zeros([all, batch.Nodes.size(1)], dtype: batch.Nodes.dtype, device: device).index_copy(0, place, batch.Nodes).MoveToOuterDisposeScope(),
            NodeGraph = zeros([all], dtype: ScalarType.Int64, device: device).index_copy(0, place, batch.NodeGraph)
                .index_copy(0, places, graphs.repeat_interleave(tokens)).MoveToOuterDisposeScope(),
            EdgeIndex = cat([place.index_select(0, batch.EdgeIndex.flatten()).view(2, -1), links], 1).MoveToOuterDisposeScope(),
            Edges = batch.Edges is { } edges ? cat([edges, Features(edges, links.size(1))], 0).MoveToOuterDisposeScope() : null,
            ReadNodes = batch.ReadNodes is { } read ? place.index_select(0, read).MoveToOuterDisposeScope() : null,
        };
        return new Embedded(inputs.MoveToOuterDisposeScope(), wider);
    }

    private Tensor Links(Tensor x, Tensor p, GraphBatch batch, Tensor first, Tensor place)
    {
        using IDisposable off = no_grad();
        long tokens = p.size(0);
        Tensor other = eye(tokens, dtype: ScalarType.Bool, device: x.device).logical_not();
        Tensor inner = nn.functional.linear(p, p).sigmoid().gt(_inner).logical_and(other).nonzero();  // [links of one graph, 2]
        Tensor from = (first.unsqueeze(1) + inner.select(1, 0)).flatten(), to = (first.unsqueeze(1) + inner.select(1, 1)).flatten();
        Tensor cross = nn.functional.linear(x, p).sigmoid().gt(_cross).nonzero();                     // [links, 2]: node, token
        Tensor node = cross.select(1, 0);
        Tensor at = place.index_select(0, node), token = first.index_select(0, batch.NodeGraph.index_select(0, node)) + cross.select(1, 1);
        return _twoWay
            ? stack([cat([from, token, at], 0), cat([to, at, token], 0)])
            : stack([cat([from, token], 0), cat([to, at], 0)]);
    }

    private Tensor Features(Tensor edges, long links)
    {
        Tensor row = zeros([edges.size(1)], dtype: edges.dtype, device: edges.device);
        if (_link.Length > 0)
        {
            row = _link.Length == edges.size(1)
                ? tensor(_link, device: edges.device).to(edges.dtype)
                : throw new InvalidRunException("template.link_features", $"must be {edges.size(1)} numbers, as an edge has, but are {_link.Length}");
        }

        return row.unsqueeze(0).expand(links, -1);
    }
}
