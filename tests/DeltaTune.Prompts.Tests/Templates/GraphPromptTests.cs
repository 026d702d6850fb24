using DeltaTune.Backbones;
using DeltaTune.Backbones.Graphs;
using DeltaTune.Batches;
using DeltaTune.Prompts.Templates;
using DeltaTune.Tasks;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace DeltaTune.Prompts.Tests.Templates;

/// <summary>Prompts of graphs against the same networks on graphs that were changed by hand.</summary>
[TestFixture]
public sealed class GraphPromptTests
{
    private const GraphScheme Features = GraphScheme.Features;

    private static readonly string[] s_families = ["gin", "gcn", "graphsage", "gat"];
    private static readonly string[] s_templates = ["gpf", "gpf-plus", "all-in-one", "graph-prompt"];

    // A triangle with a tail, and a pair.
    private static readonly Graph s_first = new(4, Table(4, 1), [0, 1, 1, 2, 2, 0, 2, 3], [1, 0, 2, 1, 0, 2, 3, 2]);
    private static readonly Graph s_second = new(2, Table(2, 5), [0, 1], [1, 0]);
    private static readonly Graph s_molecule = new(
        4, new FeatureTable(2, [5L, 0, 7, 1, 6, 2, 0, 0]), [0, 1, 1, 2], [1, 0, 2, 1], new FeatureTable(2, [0L, 0, 0, 0, 3, 1, 3, 1]));

    [Test]
    public void Attach_Fresh_LeavesOutputsAsTheyWere(
        [ValueSource(nameof(s_families))] string family, [Values("gpf", "gpf-plus", "graph-prompt")] string name, [Values] bool molecules)
    {
        using DisposeScope scope = NewDisposeScope();
        using Backbone backbone = Network(family, molecules);
        using ModelBatch batch = molecules ? Batch(backbone, s_molecule) : Batch(backbone, s_first, s_second);
        Tensor before = Pooled(backbone, batch);
        using Template template = Bound(name, backbone);

        template.Attach(backbone);

        Assert.That(Numbers(Pooled(backbone, batch)), Is.EqualTo(Numbers(before)));
    }

    [Test]
    public void Train_TenSteps_LowersTheLossAndDetachGivesTheBackboneBack(
        [ValueSource(nameof(s_families))] string family, [ValueSource(nameof(s_templates))] string name, [Values] bool molecules)
    {
        using DisposeScope scope = NewDisposeScope();
        random.manual_seed(1);
        using Backbone backbone = Network(family, molecules);
        using ModelBatch batch = molecules ? Batch(backbone, s_molecule) : Batch(backbone, s_first, s_second);
        float[] before = Numbers(Pooled(backbone, batch));
        using Template template = Bound(name, backbone);
        template.Attach(backbone);
        Parameter[] parameters = [.. template.parameters()];
        using optim.Optimizer optimizer = optim.Adam(parameters, 0.01);
        double first = 0, last = 0;
        for (int step = 0; step < 10; step++)
        {
            Tensor loss = (Pooled(backbone, batch) - 0.5).square().mean();
            last = loss.item<float>();
            first = step == 0 ? last : first;
            optimizer.zero_grad();
            loss.backward();
            optimizer.step();
        }

        template.Detach();

        Assert.That(parameters, Is.Not.Empty);
        Assert.That(last, Is.LessThan(first));
        Assert.That(Numbers(Pooled(backbone, batch)), Is.EqualTo(before));
    }

    [Test]
    public void Read_GraphsTogether_AnswerAsEachAlone([ValueSource(nameof(s_families))] string family, [ValueSource(nameof(s_templates))] string name)
    {
        using DisposeScope scope = NewDisposeScope();
        random.manual_seed(2);
        using Backbone backbone = Network(family, molecules: false);
        using Template template = Bound(name, backbone);
        using (no_grad())
        {
            foreach (Parameter parameter in template.parameters()) { parameter.uniform_(-1, 1); }
        }

        template.Attach(backbone);
        using ModelBatch both = Batch(backbone, s_first, s_second), first = Batch(backbone, s_first), second = Batch(backbone, s_second);

        Assert.That(Numbers(Pooled(backbone, both)), Is.EqualTo(Numbers(cat([Pooled(backbone, first), Pooled(backbone, second)], 0))).Within(1e-5)); // float32
    }

    [Test]
    public void Train_UsedAndDisposed_LeavesNoTensorBehind([ValueSource(nameof(s_templates))] string name)
    {
        using Backbone backbone = Network("gin", molecules: true);
        Once(); // what is made once, is made now
        long before = DisposeScopeManager.Statistics.ThreadTotalLiveCount;

        Once();

        Assert.That(DisposeScopeManager.Statistics.ThreadTotalLiveCount, Is.EqualTo(before));

        void Once()
        {
            using DisposeScope scope = NewDisposeScope();
            using ModelBatch batch = Batch(backbone, s_molecule);
            using Template template = Bound(name, backbone);
            template.Attach(backbone);
            Pooled(backbone, batch).sum().backward();
            template.Detach();
        }
    }

    [TestCaseSource(nameof(s_families))]
    public void Gpf_OnFeatures_IsTheNetworkOnFeaturesWithTheVectorAdded(string family)
    {
        using DisposeScope scope = NewDisposeScope();
        using Backbone backbone = Network(family, molecules: false);
        using ModelBatch batch = Batch(backbone, s_first, s_second);
        using Template template = Bound("gpf", backbone);
        float[] prompt = [0.5f, -1, 2];
        Set(template, "prompt.vectors", prompt);
        using ModelBatch by = Batch(backbone, Shifted(s_first, (_, f) => prompt[f]), Shifted(s_second, (_, f) => prompt[f]));
        float[] expected = Numbers(Pooled(backbone, by));

        template.Attach(backbone);

        Assert.That(Numbers(Pooled(backbone, batch)), Is.EqualTo(expected).Within(1e-5)); // float32, two layers
    }

    [TestCaseSource(nameof(s_families))]
    public void GpfPlus_OnFeatures_MixesTheVectorsByWhatANodeIs(string family)
    {
        using DisposeScope scope = NewDisposeScope();
        using Backbone backbone = Network(family, molecules: false);
        using ModelBatch batch = Batch(backbone, s_first, s_second);
        using Template template = Bound("gpf-plus", backbone);
        float[] vectors = [0.5f, -1, 2, -0.25f, 3, 1], keys = [1, 0.5f, -1, 0.3f, -2, 0.7f]; // two of three
        Set(template, "prompt.vectors", vectors);
        Set(template, "prompt.keys", keys);
        using ModelBatch by = Batch(backbone, Shifted(s_first, (x, f) => Mixed(x, f)), Shifted(s_second, (x, f) => Mixed(x, f)));
        float[] expected = Numbers(Pooled(backbone, by));

        template.Attach(backbone);

        Assert.That(Numbers(Pooled(backbone, batch)), Is.EqualTo(expected).Within(1e-5)); // float32, two layers

        float Mixed(float[] x, int f)
        {
            double[] scores = [.. Enumerable.Range(0, 2).Select(j => Math.Exp(Enumerable.Range(0, 3).Sum(i => keys[(3 * j) + i] * (double)x[i])))];
            return (float)((scores[0] * vectors[f] + scores[1] * vectors[3 + f]) / scores.Sum());
        }
    }

    [Test]
    public void AllInOne_OnFeatures_IsTheNetworkOnAGraphWithThePromptLinkedByHand([ValueSource(nameof(s_families))] string family, [Values] bool twoWay, [Values] bool node)
    {
        using DisposeScope scope = NewDisposeScope();
        using Backbone backbone = Network(family, molecules: false);
        float[] tokens = [1, -0.5f, 0.25f, 0.75f, 0.5f, -1, -2, 1, 0.5f];
        using Template template = Bound(new AllInOneTemplate(new AllInOneTemplateOptions { Tokens = 3, InnerThreshold = 0.4, CrossThreshold = 0.55, TwoWay = twoWay }), backbone);
        Set(template, "prompt.tokens", tokens);
        int? asked = node ? 1 : null;
        using ModelBatch by = Batch(backbone, asked, Linked(s_first, tokens, twoWay), Linked(s_second, tokens, twoWay));
        using ModelBatch batch = Batch(backbone, asked, s_first, s_second);
        float[] expected = Numbers(Pooled(backbone, by));

        template.Attach(backbone);

        Assert.That(Numbers(Pooled(backbone, batch)), Is.EqualTo(expected).Within(1e-5)); // float32, sums in another order
    }

    [TestCaseSource(nameof(s_families))]
    public void AllInOne_InsertedIntoFeatures_AddsTheTokensThatANodeIsLike(string family)
    {
        using DisposeScope scope = NewDisposeScope();
        using Backbone backbone = Network(family, molecules: false);
        using ModelBatch batch = Batch(backbone, s_first, s_second);
        float[] tokens = [1, -0.5f, 0.25f, 0.75f, 0.5f, -1, -2, 1, 0.5f];
        using Template template = Bound(new AllInOneTemplate(new AllInOneTemplateOptions { Tokens = 3, CrossThreshold = 0.5, Insertion = PromptInsertion.Features }), backbone);
        Set(template, "prompt.tokens", tokens);
        using ModelBatch by = Batch(backbone, Shifted(s_first, Added), Shifted(s_second, Added));
        float[] expected = Numbers(Pooled(backbone, by));

        template.Attach(backbone);

        Assert.That(Numbers(Pooled(backbone, batch)), Is.EqualTo(expected).Within(1e-5)); // float32, two layers

        float Added(float[] x, int f) => (float)Enumerable.Range(0, 3).Sum(k =>
        {
            double alike = 1 / (1 + Math.Exp(-Enumerable.Range(0, 3).Sum(i => tokens[(3 * k) + i] * (double)x[i])));
            return alike > 0.5 ? alike * tokens[(3 * k) + f] : 0;
        });
    }

    [TestCaseSource(nameof(s_families))]
    public void AllInOne_OnMolecules_LinksAsSingleBonds(string family)
    {
        using DisposeScope scope = NewDisposeScope();
        using Backbone backbone = Network(family, molecules: true);
        using Template template = Bound(new AllInOneTemplate(new AllInOneTemplateOptions { Tokens = 2, InnerThreshold = 0, CrossThreshold = 0 }), backbone);
        using ModelBatch atoms = Batch(backbone, new Graph(2, new FeatureTable(2, [16L, 1, 30, 0]), [], []));
        Set(template, "prompt.tokens", Numbers(backbone.Embeddings.Call(atoms).Inputs)); // tokens that are atoms
        (int From, int To)[] links = [.. s_molecule.Sources.Zip(s_molecule.Targets), (4, 5), (5, 4), .. Enumerable.Range(0, 4).SelectMany(i => new[] { (4, i), (5, i) })];
        var linked = new Graph(
            6, new FeatureTable(2, [.. s_molecule.Nodes.Categories!, 16, 1, 30, 0]), [.. links.Select(l => l.From)], [.. links.Select(l => l.To)],
            new FeatureTable(2, [.. s_molecule.Edges!.Categories!, .. new long[20]]));
        using ModelBatch by = Batch(backbone, linked, linked), batch = Batch(backbone, s_molecule, s_molecule);
        float[] expected = Numbers(Pooled(backbone, by));

        template.Attach(backbone);

        Assert.That(Numbers(Pooled(backbone, batch)), Is.EqualTo(expected).Within(1e-5)); // float32, sums in another order
    }

    [TestCaseSource(nameof(s_families))]
    public void GraphPrompt_Weight_ScalesWhatIsReadOut(string family)
    {
        using DisposeScope scope = NewDisposeScope();
        using Backbone backbone = Network(family, molecules: false);
        using ModelBatch batch = Batch(backbone, s_first, s_second);
        float[] plain = Numbers(Pooled(backbone, batch)), weight = [.. Enumerable.Range(0, 8).Select(i => i - 3.5f)];
        using Template template = Bound("graph-prompt", backbone);
        Set(template, "prompt.weight", weight);

        template.Attach(backbone);

        // The mean of p ⊙ h is p ⊙ the mean of h.
        Assert.That(Numbers(Pooled(backbone, batch)), Is.EqualTo(plain.Select((v, i) => v * weight[i % 8])).Within(1e-5));
    }

    [TestCase(1, 0, "0,1,2", "0-1,1-0,1-2,2-1,2-0,0-2")]
    [TestCase(1, 3, "3,2", "1-0,0-1")]
    [TestCase(2, 3, "3,2,1,0", "3-2,2-3,2-1,1-2,1-3,3-1,1-0,0-1")]
    public void Hops_AskedAboutANode_CutsItsSurroundingsOut(int hops, int node, string nodes, string edges)
    {
        using Template template = new GraphTemplate(new GraphTemplateOptions { Hops = hops });

        var piece = (GraphPiece)template.Wrap(Example(node)).Single();

        Assert.That(piece.ReadNode, Is.Null);
        Assert.That(piece.Graph.Nodes.Values, Is.EqualTo(nodes.Split(',').SelectMany(n => s_first.Nodes.Values!.Skip(3 * int.Parse(n, null)).Take(3))));
        Assert.That(piece.Graph.Sources.Zip(piece.Graph.Targets, (s, t) => $"{s}-{t}"), Is.EquivalentTo(edges.Split(',')));
    }

    [Test]
    public void Hops_AskedAboutTwoNodes_TakesBothSurroundings()
    {
        using Template template = new GraphTemplate(new GraphTemplateOptions { Hops = 1 });
        var path = new Graph(6, Table(6, 1), [0, 1, 2, 3, 4], [1, 2, 3, 4, 5]);

        var piece = (GraphPiece)template.Wrap(Example(0) with { Graph = path, Meta = new Dictionary<string, string> { ["other_node"] = "5" } }).Single();

        Assert.That(piece.Graph.NodeCount, Is.EqualTo(4)); // 0, 5 and their neighbours 1, 4
        Assert.That(piece.Graph.Sources.Zip(piece.Graph.Targets), Is.EqualTo(new[] { (0, 2), (3, 1) }));
    }

    [Test]
    public void Wrap_WhatHopsCannotDo_IsRefused()
    {
        using Template cut = new GraphTemplate(new GraphTemplateOptions { Hops = 1 }), whole = new GraphTemplate(new GraphTemplateOptions());

        Assert.That(
            Assert.Throws<InvalidRunException>(() => cut.Wrap(Example(null)))!.Message,
            Is.EqualTo("template.hops must be left out for examples that ask about no node, as 'train-1' does"));
        Assert.That(
            Assert.Throws<InvalidRunException>(() => whole.Wrap(Example(1) with { Meta = new Dictionary<string, string> { ["other_node"] = "2" } }))!.Message,
            Is.EqualTo("template.hops must be given for examples that ask about two nodes, as 'train-1' does; 2 would do"));
        Assert.That(
            Assert.Throws<InvalidRunException>(() => cut.Wrap(Example(1) with { Meta = new Dictionary<string, string> { ["other_node"] = "4" } }))!.Message,
            Is.EqualTo("example 'train-1': must have an 'other_node' from 0 to 3, but has '4'"));
    }

    private static Example Example(int? node) => new() { Id = "train-1", Fields = new Dictionary<string, string>(), Graph = s_first, ReadNode = node };

    private static FeatureTable Table(int nodes, int seed) => new(3, [.. Enumerable.Range(0, 3 * nodes).Select(i => (float)Math.Sin(seed + (1.7 * i)))]);

    private static Graph Shifted(Graph graph, Func<float[], int, float> by)
        => graph with { Nodes = new FeatureTable(3, [.. graph.Nodes.Values!.Chunk(3).SelectMany(x => x.Select((v, f) => v + by(x, f)))]) };

    // Tokens behind the graph's own nodes; links where σ(p·p') > 0.4 and σ(p·x) > 0.55.
    private static Graph Linked(Graph graph, float[] tokens, bool twoWay)
    {
        float[][] p = [.. tokens.Chunk(3)], x = [.. graph.Nodes.Values!.Chunk(3)];
        var links = new List<(int From, int To)>(graph.Sources.Zip(graph.Targets));
        for (int j = 0; j < p.Length; j++)
        {
            links.AddRange(Enumerable.Range(0, p.Length).Where(i => i != j && Alike(p[i], p[j]) > 0.4).Select(i => (graph.NodeCount + i, graph.NodeCount + j)));
            foreach (int i in Enumerable.Range(0, x.Length).Where(i => Alike(x[i], p[j]) > 0.55))
            {
                links.Add((graph.NodeCount + j, i));
                if (twoWay) { links.Add((i, graph.NodeCount + j)); }
            }
        }

        Assert.That(links, Has.Count.GreaterThan(graph.Sources.Length + 2)); // the thresholds let some through
        return new Graph(graph.NodeCount + p.Length, new FeatureTable(3, [.. graph.Nodes.Values!, .. tokens]), [.. links.Select(l => l.From)], [.. links.Select(l => l.To)]);
    }

    private static double Alike(float[] a, float[] b) => 1 / (1 + Math.Exp(-a.Zip(b, (u, v) => (double)u * v).Sum()));

    private static Template Bound(string name, Backbone backbone) => Bound(
        name switch
        {
            "gpf" => new FeaturePromptTemplate(new GpfTemplateOptions()),
            "gpf-plus" => new FeaturePromptTemplate(new GpfPlusTemplateOptions { Vectors = 2 }),
            "all-in-one" => new AllInOneTemplate(new AllInOneTemplateOptions { Tokens = 3 }),
            _ => new GraphPromptTemplate(new GraphPromptTemplateOptions()),
        },
        backbone);

    private static Template Bound(Template template, Backbone backbone)
    {
        template.Bind(backbone, FakeTask.Sentiment());
        return template;
    }

    private static void Set(Template template, string name, float[] values)
    {
        using IDisposable off = no_grad();
        Parameter parameter = template.get_parameter(name)!;
        parameter.copy_(tensor(values).view(parameter.shape));
    }

    private static Backbone Network(string family, bool molecules) => family switch
    {
        "gcn" => new GcnLoader(molecules ? new() { Seed = 3, Layers = 2, HiddenSize = 8 } : new() { Seed = 3, Layers = 2, HiddenSize = 8, Scheme = Features, Features = 3 }).Load(),
        "graphsage" => new GraphSageLoader(molecules ? new() { Seed = 3, Layers = 2, HiddenSize = 8 } : new() { Seed = 3, Layers = 2, HiddenSize = 8, Scheme = Features, Features = 3 }).Load(),
        "gat" => new GatLoader(molecules ? new() { Seed = 3, Layers = 2, HiddenSize = 8 } : new() { Seed = 3, Layers = 2, HiddenSize = 8, Scheme = Features, Features = 3 }).Load(),
        _ => new GinLoader(molecules ? new() { Seed = 3, Layers = 2, HiddenSize = 8 } : new() { Seed = 3, Layers = 2, HiddenSize = 8, Scheme = Features, Features = 3 }).Load(),
    };

    private static ModelBatch Batch(Backbone backbone, params Graph[] graphs) => Batch(backbone, null, graphs);

    private static ModelBatch Batch(Backbone backbone, int? node, params Graph[] graphs)
        => backbone.InputEncoder.Collate([.. graphs.Select(g => backbone.InputEncoder.Encode([new GraphPiece(g, node)], new EncodingOptions()))], CPU);

    private static Tensor Pooled(Backbone backbone, ModelBatch batch) => backbone.Read(backbone.Run(batch), new ReadOut(ReadOutKind.Pooled));

    private static float[] Numbers(Tensor tensor) => [.. tensor.detach().contiguous().data<float>()];
}
