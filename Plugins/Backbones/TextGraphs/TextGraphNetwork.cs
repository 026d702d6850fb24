using DeltaTune.Backbones.Graphs;
using DeltaTune.Batches;
using DeltaTune.Sites;
using static TorchSharp.torch;

namespace DeltaTune.Backbones.TextGraphs;

/// <summary>A text backbone that makes the node features of a graph network of what the nodes say; gradients go through both.</summary>
/// <remarks>
/// The two are as they are alone: the same weights, sites and effects, under <c>text.</c> and <c>graph.</c> Within the text backbone
/// <see cref="ForwardContext"/> is a batch of texts, within the graph network the batch of graphs.
/// </remarks>
internal sealed class TextGraphNetwork : Backbone
{
    private const string TextPart = "text", GraphPart = "graph";
    private readonly Backbone _network;
    private readonly NodeVectors _vectors;

    /// <param name="description">What is known of the whole.</param>
    /// <param name="text">Reads what nodes say; taken over.</param>
    /// <param name="network">Reads the nodes' vectors, which have the size of its features; taken over.</param>
    /// <param name="options">How a text becomes a vector.</param>
    /// <exception cref="InvalidRunException">A part cannot do what is asked of it.</exception>
    public TextGraphNetwork(BackboneDescription description, Backbone text, Backbone network, TextGraphOptions options)
        : base(description)
    {
        var texts = new NodeTextEncoder(text, options);
        InputEncoder = network.InputEncoder is GraphInputEncoder graphs
            ? graphs.Of(texts)
            : throw new InvalidRunException("network", $"must be one of DeltaTune's own graph networks, whose batches can carry texts, but '{network.Description.Family}' is not");
        (_network, _vectors) = (network, new NodeVectors(text, options.Read));
        Embeddings = new EmbeddingSite("embeddings.nodes", "embeddings.nodes", network.Embeddings.Features, Embed);
        register_module(TextPart, text);
        register_module(GraphPart, network);
        Site[] ofText = [.. text.Sites], ofGraph = [Embeddings, .. network.Sites.Where(site => site != network.Embeddings)];
        Site.Under(TextPart, ofText.Concat(text.Statistics));
        Site.Under(GraphPart, ofGraph.Concat(network.Statistics));
        Site[] all = [.. ofText, .. ofGraph];
        Sites = [.. all.Where(site => site is not ParameterSite), .. all.OfType<ParameterSite>()];
        Statistics = [.. text.Statistics, .. network.Statistics];
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
    public override IReadOnlyCollection<ReadOutKind> ReadOuts => _network.ReadOuts;

    /// <summary>Freezes everything and takes the fingerprint of the whole.</summary>
    public void Finish() => Freeze();

    /// <inheritdoc/>
    public override Tensor Read(Hidden hidden, ReadOut readOut) => _network.Read(hidden, readOut);

    /// <inheritdoc/>
    public override Head CreateHead(int classes) => _network.CreateHead(classes);

    /// <inheritdoc/>
    protected override Hidden RunLayers(Embedded embedded, ReadOutKind? reads) => _network.Run(embedded, reads);

    private Embedded Embed(ModelBatch batch)
    {
        var graphs = (GraphBatch)batch;
        Tensor vectors = _vectors.Of(graphs); // [nodes, hidden]
        return new Embedded(vectors, graphs with { Nodes = vectors, Texts = null });
    }
}
