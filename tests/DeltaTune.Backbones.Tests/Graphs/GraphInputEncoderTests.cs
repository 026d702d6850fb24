using DeltaTune.Batches;
using DeltaTune.Prompts;
using TorchSharp;
using static TorchSharp.torch;

namespace DeltaTune.Backbones.Tests.Graphs;

[TestFixture]
public sealed class GraphInputEncoderTests
{
    private static readonly FeatureTable s_atoms = new(2, [5L, 0, 6, 0]);
    private Backbone _backbone = null!;

    [OneTimeSetUp]
    public void Load() => _backbone = Molecules.Network();

    [OneTimeTearDown]
    public void Free() => _backbone.Dispose();

    private static IEnumerable<TestCaseData> WrongGraphs()
    {
        var bonds = new FeatureTable(2, [0L, 0]);
        yield return Case(new Graph(2, new FeatureTable(2, [5L, 0, 120, 0]), [], []),
            "must have categories from 0 to 119 in feature 0 of its nodes, but node 1 has 120");
        yield return Case(new Graph(2, s_atoms, [0], [2], bonds), "must have nodes from 0 to 1 at the ends of its edges, but the target of edge 0 is 2");
        yield return Case(new Graph(2, s_atoms, [-1], [1], bonds), "must have nodes from 0 to 1 at the ends of its edges, but the source of edge 0 is -1");
        yield return Case(new Graph(2, s_atoms, [0], [1], new FeatureTable(2, [0L, 3])),
            "must have categories from 0 to 2 in feature 1 of its edges, but edge 0 has 3");
        yield return Case(new Graph(2, s_atoms, [0], [1]), "must have 2 categories for each edge, but has none");
        yield return Case(new Graph(2, s_atoms, [0, 1], [1], bonds), "must have a source and a target for each edge, but has 2 sources and 1 targets");
        yield return Case(new Graph(3, s_atoms, [], []), "must have a row of features for each of its 3 nodes, but has 2 rows");
        yield return Case(new Graph(2, new FeatureTable(1, [5L, 6]), [], []), "must have 2 categories for each node, but has 1 categories");
        yield return Case(new Graph(1, new FeatureTable(2, [0.5f, 1f]), [], []), "must have 2 categories for each node, but has 2 real numbers");
        yield return Case(new Graph(0, new FeatureTable(2, Array.Empty<long>()), [], []), "must have 1 node or more, but has 0");

        static TestCaseData Case(Graph graph, string problem) => new TestCaseData(graph, "the graph " + problem).SetArgDisplayNames(problem);
    }

    [TestCaseSource(nameof(WrongGraphs))]
    public void Encode_GraphThatDoesNotFit_SaysWhatWouldBeRight(Graph graph, string message)
        => Assert.That(() => Molecules.Encode(_backbone, graph), Throws.TypeOf<InvalidRunException>().With.Message.StartsWith(message));

    [Test]
    public void Encode_Text_SaysThatOneGraphIsNeeded()
        => Assert.That(
            () => _backbone.InputEncoder.Encode([new MaskPiece(), new MaskPiece()], new EncodingOptions()),
            Throws.TypeOf<InvalidRunException>().With.Message.Contains("must be one graph"));

    [Test]
    public void Collate_TwoGraphs_NumbersNodesOn()
    {
        using DisposeScope scope = NewDisposeScope();

        var batch = (GraphBatch)Molecules.Batch(_backbone, Molecules.Atom, Molecules.Chain);

        Assert.That(batch.EdgeIndex.data<long>().ToArray(), Is.EqualTo(new long[] { 1, 2, 2, 3, 2, 1, 3, 2 }));
        Assert.That(batch.NodeGraph.data<long>().ToArray(), Is.EqualTo(new long[] { 0, 1, 1, 1, 1 }));
        Assert.That(batch.Nodes.shape, Is.EqualTo(new long[] { 5, 2 }));
        Assert.That(batch.Edges!.shape, Is.EqualTo(new long[] { 4, 2 }));
        Assert.That(batch.Rows, Is.EqualTo(2));
    }

    [Test]
    public void Collate_NoEdgesAtAll_RunsThrough()
    {
        using DisposeScope scope = NewDisposeScope();

        Tensor states = _backbone.Run(Molecules.Batch(_backbone, Molecules.Atom, Molecules.Atom)).States;

        Assert.That(states.shape, Is.EqualTo(new long[] { 2, 8 }));
        Assert.That(states.isfinite().all().item<bool>(), Is.True);
    }
}
