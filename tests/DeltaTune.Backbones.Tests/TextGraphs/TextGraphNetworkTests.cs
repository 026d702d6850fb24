using DeltaTune.Adapters.Lora;
using DeltaTune.Adapters.Train;
using DeltaTune.Backbones.Graphs;
using DeltaTune.Backbones.Tests.Transformers;
using DeltaTune.Backbones.TextGraphs;
using DeltaTune.Batches;
using DeltaTune.Conformance;
using DeltaTune.Deltas;
using DeltaTune.Deltas.Compositions;
using DeltaTune.Prompts;
using DeltaTune.Sites;
using TorchSharp;
using static TorchSharp.torch;

namespace DeltaTune.Backbones.Tests.TextGraphs;

/// <summary>A graph network over what nodes say: two backbones in a row, with deltas on either.</summary>
[TestFixture]
public sealed class TextGraphNetworkTests : IDisposable
{
    private readonly TinyFolder _folder = new();
    private Backbone _backbone = null!;
    private DisposeScope _scope = null!;

    public void Dispose() => _folder.Dispose();

    [SetUp]
    public void Make()
    {
        _scope = NewDisposeScope();
        _backbone = TinyTextGraph.Load(_folder.Path);
    }

    [TearDown]
    public void Free()
    {
        _backbone.Dispose();
        _scope.Dispose();
    }

    [Test]
    public void Run_OneChunk_IsTheTwoBackbonesOneAfterTheOther()
    {
        using Backbone text = _folder.Load();
        using Backbone network = new GraphSageLoader(TinyTextGraph.Sage()).Load();
        using IDisposable off = no_grad();
        GraphBatch batch = TinyTextGraph.Batch(_backbone, 2, 5);
        string[] distinct = [.. TinyTextGraph.Graph.Texts!.Distinct().OrderBy(t => Encoded(text, t).Length)];
        var texts = (TextBatch)text.InputEncoder.Collate([.. distinct.Select(t => Encoded(text, t))], CPU);
        Tensor mask = texts.AttentionMask.to(ScalarType.Float32).unsqueeze(2);
        Tensor means = (text.Run(texts).States * mask).sum(dim: 1) / mask.sum(dim: 1);
        long[] rows = [.. TinyTextGraph.Graph.Texts!.Select(t => (long)Array.IndexOf(distinct, t))];

        Tensor byHand = network.Run(batch with { Nodes = means.index_select(0, tensor(rows)), Texts = null }).States;

        Assert.That(Same.Values(_backbone.Run(batch).States, byHand), Is.True);
        Assert.That(batch.Texts!.Chunks.Sum(c => c.Rows), Is.EqualTo(6)); // two nodes say the same
    }

    [TestCase(NodeReading.Pooled)]
    [TestCase(NodeReading.Mask)]
    public void Run_OtherReadings_AreTheTextBackbonesOwn(NodeReading reading)
    {
        using Backbone text = _folder.Load();
        using Backbone network = new GraphSageLoader(TinyTextGraph.Sage()).Load();
        using Backbone whole = TinyTextGraph.Load(_folder.Path, reading);
        using IDisposable off = no_grad();
        PromptPiece[] pieces = reading == NodeReading.Mask ? [new TextPiece("a game", true), new MaskPiece()] : [new TextPiece("a game", true)];
        var one = new Graph(1, new FeatureTable(0, Array.Empty<float>()), [], []) { Texts = ["a game"] };
        GraphBatch batch = TinyTextGraph.Batch(whole, one, 0);
        ModelBatch texts = text.InputEncoder.Collate([text.InputEncoder.Encode(pieces, new EncodingOptions())], CPU);
        ReadOutKind kind = reading == NodeReading.Mask ? ReadOutKind.MaskStates : ReadOutKind.Pooled;
        Tensor vector = text.Read(text.Run(texts, kind), new ReadOut(kind));

        Assert.That(Same.Values(whole.Run(batch).States, network.Run(batch with { Nodes = vector, Texts = null }).States), Is.True);
    }

    [Test]
    public void Run_SmallChunks_AgreesWithOne()
    {
        using Backbone chunked = TinyTextGraph.Load(_folder.Path, chunkSize: 2);
        using IDisposable off = no_grad();
        GraphBatch batch = TinyTextGraph.Batch(chunked, 6);

        Assert.That(batch.Texts!.Chunks.Select(c => c.Rows), Is.EqualTo(new long[] { 2, 2, 2 }));
        Assert.That(Distance(chunked.Run(batch).States, _backbone.Run(TinyTextGraph.Batch(_backbone, 6)).States), Is.LessThan(1e-5)); // float32, other matrix shapes
    }

    [Test]
    public void Run_DeltasOnBothSides_HaveGradientsOfOneLoss()
    {
        using var text = new LoraDelta(new LoraOptions { Rank = 2, Sites = "text.**.attn.{q,v}" });
        using var graph = new TrainDelta(new FullOptions { Sites = "graph.layers.**" });
        text.Attach(_backbone);
        graph.Attach(_backbone);
        Fill(text);

        _backbone.Run(TinyTextGraph.Batch(_backbone, 3)).States.square().sum().backward();

        foreach (DeltaParameter parameter in text.Parameters().Concat(graph.Parameters()))
        {
            Assert.That(parameter.Value.grad!.abs().max().item<float>(), Is.GreaterThan(0), parameter.Name);
        }

        Assert.That(text.Actions.Select(a => a.Site.Path), Is.EqualTo(new[] { "text.layers.0.attn.q", "text.layers.0.attn.v", "text.layers.1.attn.q", "text.layers.1.attn.v" }));
        Assert.That(graph.Actions.Select(a => a.Site.Path), Is.All.StartsWith("graph.layers."));
    }

    [Test]
    public void Run_NothingTrainsInTheText_RecordsNoGraphOfIt()
    {
        using var graph = new TrainDelta(new FullOptions { Sites = "graph.layers.**" });
        graph.Attach(_backbone);

        Embedded embedded = _backbone.Embeddings.Call(TinyTextGraph.Batch(_backbone, 3));

        Assert.That(embedded.Inputs.requires_grad, Is.False);
        Assert.That(_backbone.Run(embedded).States.requires_grad, Is.True);
    }

    [Test]
    public void Run_EveryNeighbourTaken_AgreesWithTheWholeGraph()
    {
        using IDisposable off = no_grad();
        Graph sampled = TinyTextGraph.Graph with { Sampling = new NeighbourSampling([NeighbourSampling.All, NeighbourSampling.All]) };

        GraphBatch part = TinyTextGraph.Batch(_backbone, sampled, 3, 5);
        Tensor taken = Read(part);

        Assert.That(part.NodeGraph.size(0), Is.LessThan(7));
        Assert.That(Distance(taken, Read(TinyTextGraph.Batch(_backbone, 3, 5))), Is.LessThan(1e-5)); // float32, other matrix shapes
    }

    [Test]
    public void Run_RoutedRows_GoThroughTheirOwnDeltasInBothParts()
    {
        Delta[] deltas = [Lora("a", 1), Lora("b", 2)];
        GraphBatch batch = TinyTextGraph.Batch(_backbone, 3) with { ReadNodes = null };
        ModelBatch[] alone = [batch, batch];
        Tensor[] expected = new Tensor[2];
        for (int i = 0; i < 2; i++)
        {
            deltas[i].Attach(_backbone);
            expected[i] = _backbone.Run(alone[i]).States.detach();
            deltas[i].Detach();
        }

        using var parallel = new CompositeDelta(Compose.Parallel("a", "b"), deltas);
        parallel.Attach(_backbone);
        Tensor both = _backbone.Run(parallel.Repeat(batch)).States;

        Assert.That(Distance(expected[0], expected[1]), Is.GreaterThan(1e-3));
        Assert.That(Distance(both, cat(expected, 0)), Is.LessThan(1e-5)); // float32, other matrix shapes
    }

    [Test]
    public void Run_TrainedAndFreed_LeavesNoTensorBehind()
    {
        Once(); // what is made once, is made now
        long before = DisposeScopeManager.Statistics.ThreadTotalLiveCount;

        Once();

        Assert.That(DisposeScopeManager.Statistics.ThreadTotalLiveCount, Is.EqualTo(before));

        void Once()
        {
            using DisposeScope scope = NewDisposeScope();
            using Backbone backbone = TinyTextGraph.Load(_folder.Path);
            using var text = new LoraDelta(new LoraOptions { Rank = 2, Sites = "text.**.attn.q" });
            text.Attach(backbone);
            using GraphBatch batch = TinyTextGraph.Batch(backbone, 1, 2);
            backbone.Run(batch).States.sum().backward();
            foreach (DeltaParameter parameter in text.Parameters())
            {
                parameter.Value.grad = null;
            }
        }
    }

    [Test]
    public void Sites_OfBothParts_AreToldApartAndNamedAsTheirParameters()
    {
        Assert.That(_backbone.Sites.Select(s => s.Path), Is.Unique);
        Assert.That(_backbone.Sites.Select(s => s.Path), Is.All.Matches(@"^(text|graph)\."));
        Assert.That(_backbone.Sites.OfType<ParameterSite>().Select(s => s.CheckpointPath).Distinct(), Is.EquivalentTo(_backbone.named_parameters().Select(p => p.name)));
        Assert.That(_backbone.Sites.Select(s => s.Path).TakeWhile(p => p.StartsWith("text.", StringComparison.Ordinal)), Is.Not.Empty); // the data's way
        Assert.That(_backbone.Sites, Does.Contain(_backbone.Embeddings));
        Assert.That(_backbone.Sites.Select(s => s.Layer).Max(), Is.EqualTo(_backbone.Description.Layers - 1));
        Assert.That(_backbone.Embeddings.Path, Is.EqualTo("graph.embeddings.nodes"));
    }

    private static EncodedInput Encoded(Backbone text, string says) => text.InputEncoder.Encode([new TextPiece(says, true)], new EncodingOptions());

    private LoraDelta Lora(string name, int seed)
    {
        var delta = new LoraDelta(new LoraOptions { Rank = 2, Sites = "text.**.attn.q, graph.**.conv.lin" }) { Name = name };
        delta.Attach(_backbone);
        Fill(delta, seed);
        delta.Detach();
        return delta;
    }

    private static void Fill(Delta delta, int seed = 3)
    {
        using IDisposable off = no_grad();
        using var generator = new Generator((ulong)seed);
        foreach (DeltaParameter parameter in delta.Parameters())
        {
            parameter.Value.copy_(randn(parameter.Value.shape, generator: generator).mul(0.5));
        }
    }

    private Tensor Read(ModelBatch batch) => _backbone.Read(_backbone.Run(batch), new ReadOut(ReadOutKind.Pooled));

    private static float Distance(Tensor left, Tensor right) => (left - right).abs().max().item<float>();
}
