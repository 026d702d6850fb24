using DeltaTune.Prompts.Tasks.GraphQa;
using DeltaTune.Tasks;

namespace DeltaTune.Prompts.Tests.Tasks.GraphQa;

[TestFixture]
public sealed class RandomGraphTests
{
    [Test]
    public void Draw_AnyKind_HasEachEdgeOnceAndNoLoops([Values] GraphKind kind)
    {
        foreach (RandomGraph graph in Draw(kind, 200))
        {
            Assert.That(graph.Edges, Is.Unique.And.All.Matches<(int First, int Second)>(e => 0 <= e.First && e.First < e.Second && e.Second < graph.Nodes));
        }
    }

    [Test]
    public void Draw_AnyDirectedKind_HasEachEdgeOnceAndNoLoops([Values] GraphKind kind)
    {
        foreach (RandomGraph graph in Draw(kind, 200, isDirected: true))
        {
            Assert.That(graph.Edges, Is.Unique.And.Ordered.And.All.Matches<(int First, int Second)>(e => e.First != e.Second && Math.Max(e.First, e.Second) < graph.Nodes));
        }
    }

    // Without its directions the graph is one of the same kind; a coin decided them one by one.
    [TestCase(GraphKind.Star)]
    [TestCase(GraphKind.BarabasiAlbert)]
    public void Draw_DirectedByACoin_HasEachPairOneWayAndBothWaysAsOften(GraphKind kind)
    {
        List<RandomGraph> graphs = [.. Draw(kind, 400, isDirected: true)];
        (int First, int Second)[] edges = [.. graphs.SelectMany(g => g.Edges)];

        Assert.That(graphs.All(g => g.Edges.All(e => !g.Edges.Contains((e.Second, e.First)))));
        Assert.That(edges.Average(e => e.First < e.Second ? 1.0 : 0), Is.EqualTo(0.5).Within(0.05));
    }

    [Test]
    public void Draw_DirectedCompleteGraphsAndPaths_HaveTheirEdges()
    {
        Assert.That(Draw(GraphKind.Complete, 30, isDirected: true), Is.All.Matches<RandomGraph>(g => g.Edges.Count == g.Nodes * (g.Nodes - 1)));
        Assert.That(Draw(GraphKind.Path, 30, isDirected: true), Is.All.Matches<RandomGraph>(g =>
            g.Edges.Select(e => e.First).Distinct().Count() == g.Nodes - 1 && g.Edges.Select(e => e.Second).Distinct().Count() == g.Nodes - 1));
    }

    // Every node after the first three comes with an edge to or from an old one, so that all hang together; n − 3 at least, and 3.
    [Test]
    public void Draw_ScaleFree_HangsTogetherAndHasHubs()
    {
        List<RandomGraph> graphs = [.. Draw(GraphKind.ScaleFree, 300, nodes: 19)];

        Assert.That(graphs, Is.All.Matches<RandomGraph>(g => GraphAnswers.Of(g, GraphQuestion.Connectivity, 0, 0) == 1));
        Assert.That(graphs.Average(g => Degrees(g).Max()), Is.GreaterThan(2.5 * graphs.Average(g => Degrees(g).Average())), "an Erdős-Rényi graph as sparse has 2 to 2.3 times");
    }

    [Test]
    public void Draw_FixedKinds_HaveTheirDegrees()
    {
        foreach (RandomGraph graph in Draw(GraphKind.Path, 30))
        {
            Assert.That(Degrees(graph).Order(), Is.EqualTo(Enumerable.Repeat(1, 2).Concat(Enumerable.Repeat(2, graph.Nodes - 2))));
        }

        foreach (RandomGraph graph in Draw(GraphKind.Star, 30))
        {
            Assert.That(Degrees(graph).Order(), Is.EqualTo(Enumerable.Repeat(1, graph.Nodes - 1).Append(graph.Nodes - 1)));
        }

        foreach (RandomGraph graph in Draw(GraphKind.Complete, 30))
        {
            Assert.That(Degrees(graph), Is.All.EqualTo(graph.Nodes - 1));
        }
    }

    // m edges at the start and m for each of the n − m − 1 nodes after it
    [Test]
    public void Draw_BarabasiAlbert_HasAsManyEdgesAsSomeMGives()
    {
        foreach (RandomGraph graph in Draw(GraphKind.BarabasiAlbert, 200))
        {
            Assert.That(Enumerable.Range(1, graph.Nodes - 1).Select(m => m * (graph.Nodes - m)), Does.Contain(graph.Edges.Count));
            Assert.That(Degrees(graph), Is.All.GreaterThan(0));
        }
    }

    // The share of pairs with an edge is p, and p is even over 0..1: mean 1/2, variance 1/12.
    [Test]
    public void Draw_ErdosRenyi_HasEveryDensityAlike()
    {
        double[] density = [.. Draw(GraphKind.ErdosRenyi, 2000, nodes: 19).Select(g => g.Edges.Count / 171.0)];
        double mean = density.Average(), variance = density.Average(d => (d - mean) * (d - mean));

        Assert.That(mean, Is.EqualTo(0.5).Within(0.03));
        Assert.That(variance, Is.EqualTo(1 / 12.0).Within(0.01));
    }

    private static IEnumerable<RandomGraph> Draw(GraphKind kind, int count, int? nodes = null, bool isDirected = false)
    {
        var random = new SplitMix64(7);
        return Enumerable.Range(0, count).Select(i => RandomGraph.Draw(kind, nodes ?? 5 + (i % 15), random, isDirected));
    }

    private static int[] Degrees(RandomGraph graph)
        => [.. Enumerable.Range(0, graph.Nodes).Select(n => graph.Edges.Count(e => e.First == n || e.Second == n))];
}
