using DeltaTune.Backbones.Graphs;
using DeltaTune.Batches;
using DeltaTune.Prompts;
using static TorchSharp.torch;

namespace DeltaTune.Backbones.Tests.Graphs;

/// <summary>Small molecule-like graphs and untrained networks for them.</summary>
internal static class Molecules
{
    private static readonly EncodingOptions s_options = new();

    /// <summary>Three bonded atoms and one apart.</summary>
    public static Graph Chain { get; } = new(
        4, new FeatureTable(2, [5L, 0, 7, 1, 6, 2, 0, 0]), [0, 1, 1, 2], [1, 0, 2, 1], new FeatureTable(2, [0L, 0, 0, 0, 3, 1, 3, 1]));

    /// <summary>One atom, no bond.</summary>
    public static Graph Atom { get; } = new(1, new FeatureTable(2, [9L, 0]), [], []);

    public static Backbone Network(GinOptions? options = null)
        => new GinLoader(options ?? new GinOptions { Seed = 3, Layers = 3, HiddenSize = 8 }).Load();

    /// <summary>Both graphs as a batch, for any network of molecules.</summary>
    public static ModelBatch Batch()
    {
        using Backbone any = Network();
        return Batch(any, Chain, Atom);
    }

    public static ModelBatch Batch(Backbone backbone, params Graph[] graphs)
        => backbone.InputEncoder.Collate([.. graphs.Select(g => backbone.InputEncoder.Encode([new GraphPiece(g)], s_options))], CPU);

    public static EncodedInput Encode(Backbone backbone, Graph graph, int? readNode = null)
        => backbone.InputEncoder.Encode([new GraphPiece(graph, readNode)], s_options);

    public static float[] Numbers(Tensor tensor) => [.. tensor.detach().contiguous().data<float>()];
}
