using DeltaTune.Backbones;
using DeltaTune.Backbones.Graphs;
using DeltaTune.Backbones.TextGraphs;
using DeltaTune.Backbones.Transformers;
using DeltaTune.Batches;
using DeltaTune.Host.Benchmarks;
using DeltaTune.Options;
using DeltaTune.Prompts;
using Newtonsoft.Json.Linq;
using static TorchSharp.torch;

namespace DeltaTune.Host.Tests.Conformance;

/// <summary>A small network of each family, with a batch for it.</summary>
internal static class TestNetworks
{
    /// <summary>The families, each with the golden folder that has its weights; none for graphs, which start untrained.</summary>
    public static readonly IReadOnlyDictionary<string, string?> Families = new Dictionary<string, string?>
    {
        ["bert"] = "bert-mlm", ["roberta"] = "roberta-mlm", ["gpt2"] = "gpt2-lm", ["llama"] = "llama-lm", ["t5"] = "t5-lm",
        ["gin"] = null, ["gcn"] = null, ["graphsage"] = null, ["gat"] = null, ["gcn2"] = null, ["gps"] = null, ["rgcn"] = null, ["text-graph"] = null,
    };

    // Those that read feature vectors alone, and what they need beside them.
    private static readonly Dictionary<string, JObject> s_features = new()
    {
        ["gcn2"] = [], ["gps"] = new() { ["encoding"] = "random_walk", ["encoding_size"] = 4 }, ["rgcn"] = new() { ["relations"] = 3, ["bases"] = 2 },
    };

    /// <summary>Loads the family's network: the same weights at every call.</summary>
    public static Backbone Load(IComponentCatalog catalog, string family)
    {
        if (family == "text-graph")
        {
            var parts = new TextGraphOptions
            {
                Text = new ComponentChoice("bert", new BertOptions { Path = Path.Combine(SharedFolder.Find("golden"), "bert-mlm") }),
                Network = new ComponentChoice("graphsage", new GraphSageOptions { Seed = 1, Scheme = GraphScheme.Features, Features = 32, Layers = 2, HiddenSize = 32 }),
            };
            return catalog.Create<BackboneLoader>(ComponentKind.Backbone, family, parts).Load();
        }

        JObject options = Families[family] is { } folder
            ? new JObject { ["path"] = Path.Combine(SharedFolder.Find("golden"), folder) }
            : new JObject { ["seed"] = 1, ["scheme"] = "molecule", ["layers"] = 2, ["hidden_size"] = 32 };
        if (s_features.TryGetValue(family, out JObject? own))
        {
            options.Merge(new JObject { ["scheme"] = "features", ["features"] = 32 });
            options.Merge(own);
        }

        Type type = catalog.Get(ComponentKind.Backbone, family).OptionsType;
        return catalog.Create<BackboneLoader>(ComponentKind.Backbone, family, options.ToObject(type, Host.Options.OptionNames.Serializer)!).Load();
    }

    /// <summary>Two rows of five tokens, or two molecules, or two graphs whose nodes say one of the two rows.</summary>
    public static ModelBatch Batch(Backbone backbone)
    {
        if (backbone.Description is { Kind: BackboneKind.Graph, FeatureScheme: "text" })
        {
            return new GraphBatch
            {
                Nodes = empty([5, 0]), EdgeIndex = tensor(new long[] { 0, 1, 2, 3, 4, 1, 0, 1, 4, 3 }).view(2, 5), NodeGraph = tensor(new long[] { 0, 0, 0, 1, 1 }), Graphs = 2,
                Texts = new NodeTexts { Chunks = [Tokens(7)], Rows = tensor(new long[] { 0, 1, 1, 0, 1 }) },
            };
        }

        if (backbone.Description is { Kind: BackboneKind.Graph, FeatureScheme: "features" })
        {
            Graph[] graphs = [.. new[] { 5, 7 }.Select(Ring)];
            return backbone.InputEncoder.Collate([.. graphs.Select(g => backbone.InputEncoder.Encode([new GraphPiece(g)], new EncodingOptions()))], CPU);
        }

        if (backbone.Description.Kind == BackboneKind.Graph)
        {
            return RandomMolecules.Batch(backbone.InputEncoder, molecules: 2, atoms: 8, CPU);
        }

        TextBatch batch = Tokens(7);
        return backbone.Description.Kind == BackboneKind.EncoderDecoder ? batch with { Target = Tokens(11) } : batch;
    }

    // Nodes in a ring with an edge each way, numbers that differ, and three relations.
    private static Graph Ring(int nodes)
    {
        int[] ahead = [.. Enumerable.Range(0, nodes)], next = [.. ahead.Select(i => (i + 1) % nodes)];
        return new Graph(
            nodes, new FeatureTable(32, [.. Enumerable.Range(0, nodes * 32).Select(i => (float)Math.Sin(i * (nodes + 0.5)))]), [.. ahead, .. next], [.. next, .. ahead],
            new FeatureTable(1, [.. Enumerable.Range(0, 2 * nodes).Select(i => (long)(i % 3))]));
    }

    private static TextBatch Tokens(int step) => new()
    {
        InputIds = (arange(0, 10, dtype: ScalarType.Int64) * step).remainder(90).add(5).view(2, 5),
        AttentionMask = ones([2, 5], dtype: ScalarType.Int64),
    };
}
