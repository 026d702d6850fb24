using DeltaTune.Backbones.Graphs;
using DeltaTune.Backbones.Tests.Transformers;
using DeltaTune.Backbones.TextGraphs;
using DeltaTune.Backbones.Transformers;
using DeltaTune.Batches;
using DeltaTune.Options;
using DeltaTune.Prompts;
using Microsoft.Extensions.DependencyInjection;
using static TorchSharp.torch;

namespace DeltaTune.Backbones.Tests.TextGraphs;

/// <summary>A tiny BERT under a GraphSAGE network of two layers, with a graph of seven nodes that say something.</summary>
internal static class TinyTextGraph
{
    private static readonly string[] Says = ["the team won a game", "it was good", "a game", "the team", "it was good", "played", "the good team played it"];

    /// <summary>A chain with a loop at its end; two nodes say the same.</summary>
    public static Graph Graph { get; } = new(7, new FeatureTable(0, Array.Empty<float>()), [0, 1, 2, 3, 4, 5, 0, 6], [1, 2, 3, 4, 5, 6, 4, 6]) { Texts = Says };

    public static GraphSageOptions Sage(int features = TinyFolder.Hidden) => new() { Seed = 1, Scheme = GraphScheme.Features, Features = features, Layers = 2, HiddenSize = 9 };

    public static Backbone Load(string folder, NodeReading read = NodeReading.Mean, int chunkSize = 64)
        => Load(Options(folder) with { Read = read, ChunkSize = chunkSize });

    public static TextGraphOptions Options(string folder) => new()
    {
        Text = new ComponentChoice("bert", new BertOptions { Path = folder }), Network = new ComponentChoice("graphsage", Sage()), MaxLength = 12,
    };

    public static Backbone Load(TextGraphOptions options)
    {
        using ServiceProvider services = Services();
        return services.GetRequiredService<IComponentCatalog>().Create<BackboneLoader>(ComponentKind.Backbone, "text-graph", options).Load();
    }

    public static GraphBatch Batch(Backbone backbone, params int[] nodes) => Batch(backbone, Graph, nodes);

    public static GraphBatch Batch(Backbone backbone, Graph graph, params int[] nodes)
        => (GraphBatch)backbone.InputEncoder.Collate([.. nodes.Select(n => backbone.InputEncoder.Encode([new GraphPiece(graph, n)], new EncodingOptions()))], CPU);

    private static ServiceProvider Services()
    {
        var services = new ServiceCollection();
        services.AddDeltaTune().AddBackbones();
        return services.BuildServiceProvider();
    }
}
