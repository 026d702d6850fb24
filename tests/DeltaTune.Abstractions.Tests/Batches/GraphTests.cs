using DeltaTune.Batches;

namespace DeltaTune.Tests.Batches;

[TestFixture]
public sealed class GraphTests
{
    // 0 -> 1, 1 -> 2, 2 -> 0, 3 -> 2
    private static readonly Graph s_graph = new(4, new FeatureTable(2, [0f, 1, 10, 11, 20, 21, 30, 31]), [0, 1, 2, 3], [1, 2, 0, 2], new FeatureTable(1, [5L, 6, 7, 8]))
    {
        Texts = ["a", "b", "c", "d"],
        Sampling = new NeighbourSampling([1]),
    };

    [Test]
    public void Part_NodesInAnotherOrder_NumbersThemByTheirPlaces()
    {
        Graph part = s_graph.Part([2, 3, 1], [3, 1]);

        Assert.Multiple(() =>
        {
            Assert.That(part.NodeCount, Is.EqualTo(3));
            Assert.That(part.Nodes.Values, Is.EqualTo(new[] { 20f, 21, 30, 31, 10, 11 }));
            Assert.That(part.Sources, Is.EqualTo(new[] { 1, 2 }));
            Assert.That(part.Targets, Is.EqualTo(new[] { 0, 0 }));
            Assert.That(part.Edges!.Categories, Is.EqualTo(new[] { 8L, 6 }));
            Assert.That(part.Texts, Is.EqualTo(new[] { "c", "d", "b" }));
            Assert.That(part.Sampling, Is.Null, "a part is taken whole");
        });
    }

    [Test]
    public void Part_AnEdgeWhoseEndIsNotTaken_IsRefused()
        => Assert.That(() => s_graph.Part([0, 1], [1]), Throws.TypeOf<KeyNotFoundException>());
}
