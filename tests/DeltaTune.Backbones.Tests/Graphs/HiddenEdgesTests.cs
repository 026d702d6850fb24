using DeltaTune.Backbones.Graphs;
using DeltaTune.Batches;
using DeltaTune.Prompts;
using TorchSharp;
using static TorchSharp.torch;

namespace DeltaTune.Backbones.Tests.Graphs;

/// <summary>Batches that ask about relations, and do not see what they ask.</summary>
[TestFixture]
public sealed class HiddenEdgesTests
{
    // 0 -> 1 -> 2 -> 3 and back, by relation 0 and its inverse 1.
    private static readonly Graph s_path = new(
        4, new FeatureTable(1, [0L, 1, 2, 3]), [0, 1, 1, 2, 2, 3], [1, 0, 2, 1, 3, 2], new FeatureTable(1, [0L, 1, 0, 1, 0, 1]));

    [Test]
    public void Collate_ToTrainOn_LeavesOutWhatAnyRowHides()
    {
        using DisposeScope scope = NewDisposeScope();
        using Backbone backbone = Rgcn();

        using GraphBatch batch = Collate(backbone, Row(0, 0, 0, 1), Row(3, 1, 4, 5, 4));

        Assert.That(batch.EdgeIndex.data<long>().ToArray(), Is.EqualTo(new long[] { 1, 2, 2, 1 }));
        Assert.That(batch.Edges!.data<long>().ToArray(), Is.EqualTo(new long[] { 0, 1 }));
        Assert.That(batch.ReadNodes!.data<long>().ToArray(), Is.EqualTo(new long[] { 0, 3 }));
        Assert.That(batch.ReadRelations!.data<long>().ToArray(), Is.EqualTo(new long[] { 0, 1 }));
        Assert.That((batch.Rows, batch.Graphs), Is.EqualTo((2, 1)));
    }

    [Test]
    public void Collate_ToScore_SeesEveryEdge()
    {
        using DisposeScope scope = NewDisposeScope();
        using Backbone backbone = Rgcn();
        using IDisposable off = no_grad();

        using GraphBatch batch = Collate(backbone, Row(0, 0, 0, 1), Row(3, 1, 4, 5));

        Assert.That(batch.EdgeIndex.size(1), Is.EqualTo(6));
    }

    [Test]
    public void Run_WithTheEdgeHidden_IsAsIfTheGraphHadNone()
    {
        using DisposeScope scope = NewDisposeScope();
        using Backbone backbone = Rgcn();
        Graph without = s_path with { Sources = [1, 2, 2, 3], Targets = [2, 1, 3, 2], Edges = new FeatureTable(1, [0L, 1, 0, 1]) };

        Tensor hidden = backbone.Run(Collate(backbone, Row(0, 0, 0, 1))).States;
        Tensor none = backbone.Run(Collate(backbone, new GraphPiece(without, 0) { ReadRelation = 0 })).States;

        Assert.That(hidden.equal(none).item<bool>(), Is.True);
    }

    [Test]
    public void Run_WithEdgeDropout_DropsEdgesInTrainingAlone()
    {
        using DisposeScope scope = NewDisposeScope();
        using Backbone plain = Rgcn(), drops = Rgcn(edgeDropout: 0.999999);
        GraphBatch batch = Collate(plain, Row(0, 0)), none = batch with { EdgeIndex = batch.EdgeIndex.narrow(1, 0, 0), Edges = batch.Edges!.narrow(0, 0, 0) };

        Assert.That(drops.Run(batch).States.equal(plain.Run(batch).States).item<bool>(), Is.True);
        drops.train();
        Assert.That(drops.Run(batch).States.equal(plain.Run(none).States).item<bool>(), Is.True);
    }

    [Test]
    public void Encode_AWrongQuestion_IsSaid()
    {
        using Backbone backbone = Rgcn();

        Assert.That(Problem(new GraphPiece(s_path, 0) { ReadRelation = -1 }), Is.EqualTo("the graph must ask about a node with a relation from 0 on, but asks about relation -1"));
        Assert.That(Problem(new GraphPiece(s_path) { ReadRelation = 1 }), Is.EqualTo("the graph must ask about a node with a relation from 0 on, but asks about no node"));
        Assert.That(Problem(Row(0, 0, 6)), Is.EqualTo("the graph must hide edges from 0 to 5, but hides 6"));
        Assert.That(
            Problem(new GraphPiece(s_path with { Sampling = new NeighbourSampling([2]) }, 0) { ReadRelation = 0 }),
            Is.EqualTo("the graph must be taken whole where a relation is asked about, since every node may be the answer, but is to be sampled"));
        Assert.That(
            Assert.Throws<InvalidRunException>(() => Collate(backbone, Row(0, 0), new GraphPiece(s_path, 1)))!.Message,
            Is.EqualTo("the graph must ask about a relation in every row of a batch or in none, but only some do"));

        string Problem(GraphPiece piece) => Assert.Throws<InvalidRunException>(() => backbone.InputEncoder.Encode([piece], new EncodingOptions()))!.Message;
    }

    private static Backbone Rgcn(double edgeDropout = 0)
        => new RgcnLoader(new RgcnOptions { Seed = 1, EdgeDropout = edgeDropout, Scheme = GraphScheme.Features, Features = 6, HiddenSize = 6, Layers = 2, Entities = 4, Relations = 2 }).Load();

    private static GraphPiece Row(int node, int relation, params int[] hidden) => new(s_path, node) { ReadRelation = relation, HiddenEdges = hidden };

    private static GraphBatch Collate(Backbone backbone, params GraphPiece[] pieces)
        => (GraphBatch)backbone.InputEncoder.Collate([.. pieces.Select(p => backbone.InputEncoder.Encode([p], new EncodingOptions()))], CPU);
}
