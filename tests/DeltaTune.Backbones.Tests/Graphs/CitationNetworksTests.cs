using DeltaTune.Backbones.Graphs;
using DeltaTune.Batches;
using DeltaTune.Conformance;
using DeltaTune.Files;
using DeltaTune.Sites;
using TorchSharp;
using static TorchSharp.torch;

namespace DeltaTune.Backbones.Tests.Graphs;

/// <summary>What the networks of the citation graphs' papers have: an end in the classes, heads of its own there, dropout of attention, Glorot's start.</summary>
[TestFixture]
public sealed class CitationNetworksTests
{
    private const GraphScheme Features = GraphScheme.Features;
    private DisposeScope _scope = null!;

    [SetUp]
    public void Open() => _scope = NewDisposeScope();

    [TearDown]
    public void Close() => _scope.Dispose();

    // The weights of a node's neighbours, dropped with probability p and divided by 1 − p, are in the mean what they were; so is what they weigh.
    [TestCase(AttentionKind.V1)]
    [TestCase(AttentionKind.V2)]
    [TestCase(AttentionKind.Transformer)]
    public void Run_InTrainingWithAttentionDropout_IsInTheMeanAsWithout(AttentionKind kind)
    {
        const int draws = 2000;
        using Backbone backbone = Attention(kind, 0.6);
        ModelBatch batch = Batch(backbone);
        using IDisposable off = no_grad();
        Tensor expected = backbone.Run(batch).States;
        backbone.train();
        manual_seed(1);

        Tensor all = stack(Enumerable.Range(0, draws).Select(_ => backbone.Run(batch).States), 0); // [draws, nodes, hidden]

        Tensor errors = all.std(0) / Math.Sqrt(draws);
        Assert.That(((all.mean([0L]) - expected).abs() - (5 * errors)).max().item<float>(), Is.LessThan(1e-5), "five standard errors of each mean");
        Assert.That(errors.max().item<float>(), Is.GreaterThan(1e-3));
    }

    [Test]
    public void Run_InEvaluationWithAttentionDropout_IsAsWithoutBitForBit()
    {
        using Backbone dropping = Attention(AttentionKind.V1, 0.6), plain = Attention(AttentionKind.V1, 0);

        Assert.That(Same.Values(dropping.Run(Batch(dropping)).States, plain.Run(Batch(plain)).States), Is.True);
    }

    [Test]
    public void Run_InTrainingWithAttentionDropout_GoesByTheSeed()
    {
        using Backbone backbone = Attention(AttentionKind.V1, 0.6);
        ModelBatch batch = Batch(backbone);
        backbone.train();

        Tensor first = Run(7), again = Run(7), other = Run(8);

        Assert.That(Same.Values(first, again), Is.True);
        Assert.That(Same.Values(first, other), Is.False);

        Tensor Run(long seed)
        {
            manual_seed(seed);
            return backbone.Run(batch).States;
        }
    }

    [Test]
    public void Load_EndInClasses_HasThemInTheLastLayerAndDropsNothingOfThem()
    {
        using Backbone one = new GcnLoader(new GcnOptions { Seed = 3, Layers = 1, Scheme = Features, Features = 3, Convolutions = ["conv"], OutputSize = 5, Dropout = 0.9 }).Load();
        using Backbone two = new GcnLoader(new GcnOptions { Seed = 3, HiddenSize = 8, Scheme = Features, Features = 3, Layers = 2, OutputSize = 5 }).Load();
        ModelBatch batch = Batch(one);
        Tensor scores = one.Run(batch).States;
        one.train();

        Assert.That(Same.Values(one.Run(batch).States, scores), Is.True);
        Assert.That(two.Description.HiddenSize, Is.EqualTo(5));
        Assert.That(two.Sites.OfType<ParameterSite>().Select(s => $"{s.CheckpointPath} {string.Join(' ', s.Value.shape)}"), Is.EqualTo(new[]
        {
            "convs.0.lin.weight 8 3", "convs.0.bias 8", "norms.0.weight 8", "norms.0.bias 8", "convs.1.lin.weight 5 8", "convs.1.bias 5",
        }));
    }

    // Eight heads side by side, then three that are averaged, from a file too.
    [TestCase(AttentionKind.V1)]
    [TestCase(AttentionKind.V2)]
    [TestCase(AttentionKind.Transformer)]
    public void Load_OutputHeads_AreTheLastLayersAndAveraged(AttentionKind kind)
    {
        var options = new GatOptions { Scheme = Features, Attention = kind, Heads = 8, OutputHeads = 3 };
        using Backbone drawn = new GatLoader(options with { Seed = 3, Features = 3, Layers = 2, HiddenSize = 16, OutputSize = 5 }).Load();
        string path = Path.Combine(TestContext.CurrentContext.WorkDirectory, $"{Guid.NewGuid():N}.safetensors");
        SafetensorsFile.Write(path, drawn.state_dict().Select(t => (t.Key, t.Value.detach())));
        try
        {
            using Backbone read = new GatLoader(options with { Path = path }).Load();
            ModelBatch batch = Batch(drawn);
            Tensor states = drawn.Run(batch).States;

            Assert.That(states.shape, Is.EqualTo(new long[] { 6, 5 }));
            Assert.That(Same.Values(read.Run(batch).States, states), Is.True);
            if (kind != AttentionKind.Transformer)
            {
                Assert.That(new GatLoader(options with { Path = path, OutputHeads = 4 }).Describe, Throws.TypeOf<InvalidRunException>()
                    .With.Message.EqualTo("output_heads must be 3, as in the checkpoint, or be left out, but is 4"));
            }
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Test]
    public void Load_OutputThatDoesNotFit_IsRefused()
    {
        Refused(new Gcn2Loader(new Gcn2Options { Seed = 3, Scheme = Features, Features = 3, Layers = 2, OutputSize = 5 }),
            "output_size must be left out for the backbone 'gcn2', whose layers are all of one size, but is 5");
        Refused(new GatLoader(new GatOptions { Seed = 3, Scheme = Features, Features = 3, Layers = 2, HiddenSize = 8, OutputSize = 5 }),
            "output_size must be a multiple of the 2 heads, which stand one after the other, but is 5");
        Refused(new GatLoader(new GatOptions { Seed = 3, OutputHeads = 1 }),
            "output_heads must be left out in the scheme 'molecule', whose layers have one number of heads, but is 1");

        static void Refused(BackboneLoader loader, string message) => Assert.That(loader.Describe, Throws.TypeOf<InvalidRunException>().With.Message.EqualTo(message));
    }

    [Test]
    public void Load_UntrainedMaps_StartAsTheirPapersHaveThem()
    {
        // 100 numbers in, 64 out: Glorot's bound √(6/164), and 1/√100 where PyG's own layers have torch's Linear.
        using Backbone gcn = new GcnLoader(new GcnOptions { Seed = 3, Scheme = Features, Features = 100, Layers = 1, HiddenSize = 64 }).Load();
        using Backbone gat = new GatLoader(new GatOptions { Seed = 3, Scheme = Features, Features = 100, Layers = 1, HiddenSize = 64 }).Load();
        using Backbone sage = new GraphSageLoader(new GraphSageOptions { Seed = 3, Scheme = Features, Features = 100, Layers = 1, HiddenSize = 64 }).Load();

        foreach ((Backbone backbone, double bound) in new[] { (gcn, Math.Sqrt(6.0 / 164)), (gat, Math.Sqrt(6.0 / 164)), (sage, 0.1) })
        {
            double largest = backbone.Sites.OfType<ParameterSite>().First(s => s.Value.dim() == 2).Value.abs().max().item<float>();
            Assert.That(largest, Is.InRange(0.99 * bound, bound + 1e-6), backbone.Description.Family); // the largest of 6,400 draws
        }
    }

    private static Backbone Attention(AttentionKind kind, double dropout) => new GatLoader(new GatOptions
    {
        Seed = 3, HiddenSize = 8, Heads = 4, Scheme = Features, Features = 3, Convolutions = ["conv"], Attention = kind, AttentionDropout = dropout,
    }).Load();

    private static ModelBatch Batch(Backbone backbone) => Molecules.Batch(backbone, GraphNetworks.Plain);
}
