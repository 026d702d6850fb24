using DeltaTune.Prompts.Tasks.GraphQa;
using DeltaTune.Tasks;

namespace DeltaTune.Prompts.Tests.Tasks.GraphQa;

[TestFixture]
public sealed class GraphWordsTests
{
    private static readonly RandomGraph s_graph = RandomGraph.Of(4, [(1, 0), (1, 2)]);

    [TestCase(GraphWording.Adjacency, "In an undirected graph, (i, j) means that nodes i and j have an edge. The nodes are 0, 1, 2, and 3. The edges are (0, 1) (1, 2).")]
    [TestCase(GraphWording.Incident, "The nodes of a graph are 0, 1, 2, and 3. Node 0 is connected to node 1. Node 1 is connected to nodes 0, 2. Node 2 is connected to node 1. Node 3 is connected to no nodes.")]
    [TestCase(GraphWording.Friendship, "Who are friends among James, Robert, John, and Michael? James and Robert are friends. Robert and John are friends.")]
    [TestCase(GraphWording.Coauthorship, "Who wrote papers together among James, Robert, John, and Michael? James and Robert wrote a paper together. Robert and John wrote a paper together.")]
    [TestCase(GraphWording.SocialNetwork, "A social network of James, Robert, John, and Michael. James and Robert are connected. Robert and John are connected.")]
    [TestCase(GraphWording.Expert, "You are a graph analyst. The nodes are A, B, C, and D. A -> B B -> C")]
    [TestCase(GraphWording.Politician, "A social network of Abraham, Angela, Winston, and Indira. Abraham and Angela are connected. Angela and Winston are connected.")]
    [TestCase(GraphWording.Compact, "A: B. B: A C. C: B. D: alone.")]
    public void Graph_AnyWording_SaysNodesAndEdges(GraphWording wording, string expected) => Assert.That(new GraphWords(wording).Graph(s_graph), Is.EqualTo(expected));

    [TestCase(GraphWording.Adjacency, "In a directed graph, (i, j) means that an edge leads from node i to node j. The nodes are 0, 1, 2, and 3. The edges are (1, 0) (1, 2).")]
    [TestCase(GraphWording.Incident, "The nodes of a graph are 0, 1, 2, and 3. Node 0 points to no nodes. Node 1 points to nodes 0, 2. Node 2 points to no nodes. Node 3 points to no nodes.")]
    [TestCase(GraphWording.Compact, "A: alone. B: A C. C: alone. D: alone.")]
    [TestCase(GraphWording.Expert, "You are a graph analyst. The nodes are A, B, C, and D. B -> A B -> C")]
    public void Graph_Directed_SaysWhichWayEdgesLead(GraphWording wording, string expected)
        => Assert.That(new GraphWords(wording).Graph(RandomGraph.Of(4, [(1, 0), (1, 2)], isDirected: true)), Is.EqualTo(expected));

    [Test]
    public void Graph_RandomNumbers_AreDifferentAndOfThisGraph()
    {
        var random = new SplitMix64(3);
        NodeNames[] drawn = [NodeNames.Draw(GraphWording.Random, random), NodeNames.Draw(GraphWording.Random, random)];

        string[][] names = [.. drawn.Select(d => Enumerable.Range(0, 26).Select(n => d[n]).ToArray())];

        Assert.That(names[0], Is.Unique);
        Assert.That(names[1], Is.Not.EqualTo(names[0]));
        Assert.That(new GraphWords(GraphWording.Random, drawn[0]).Graph(s_graph), Does.EndWith($"The edges are ({names[0][0]}, {names[0][1]}) ({names[0][1]}, {names[0][2]})."));
    }

    [TestCase(GraphQuestion.ConnectedNodes, 1, 0, "James, John.")]
    [TestCase(GraphQuestion.ConnectedNodes, 3, 0, "No nodes.")]
    [TestCase(GraphQuestion.DisconnectedNodes, 0, 0, "John, Michael.")]
    [TestCase(GraphQuestion.Bipartiteness, 0, 0, "Yes.")]
    [TestCase(GraphQuestion.ConnectedComponents, 0, 0, "2.")]
    [TestCase(GraphQuestion.Diameter, 0, 0, "2.")]
    [TestCase(GraphQuestion.ShortestPath, 0, 2, "2.")]
    [TestCase(GraphQuestion.ShortestPath, 0, 3, "There is no path from node James to node Michael.")]
    [TestCase(GraphQuestion.CycleCheck, 0, 1, "No, there is no cycle.")]
    [TestCase(GraphQuestion.EdgeExistence, 0, 1, "Yes.")]
    public void Answer_AnyQuestion_IsWordedAsTheSourceDoes(GraphQuestion question, int first, int second, string expected)
        => Assert.That(new GraphWords(GraphWording.Friendship).Answer(s_graph, question, first, second), Is.EqualTo(expected));
}
