using System.Globalization;

namespace DeltaTune.Prompts.Tasks.GraphQa;

/// <summary>Says graphs and questions in text.</summary>
/// <param name="wording">How.</param>
/// <param name="names">What nodes are called.</param>
internal sealed class GraphWords(GraphWording wording, NodeNames names)
{
    /// <summary>Says them with the wording's own names.</summary>
    /// <param name="wording">How.</param>
    public GraphWords(GraphWording wording)
        : this(wording, NodeNames.Of(wording))
    {
    }

    /// <summary>The name of a node.</summary>
    public string Name(int node) => names[node];

    /// <summary>Says a graph: what an edge means, the nodes, the edges.</summary>
    public string Graph(RandomGraph graph)
    {
        string nodes = List([.. Enumerable.Range(0, graph.Nodes).Select(Name)]);
        string[] pairs(Func<string, string, string> say) => [.. graph.Edges.Select(e => say(Name(e.First), Name(e.Second)))];
        return wording switch
        {
            GraphWording.Adjacency or GraphWording.Random => $"{Meaning(graph)} The nodes are {nodes}. "
                + (graph.Edges.Count == 0 ? "There are no edges." : $"The edges are {string.Join(" ", pairs((a, b) => $"({a}, {b})"))}."),
            GraphWording.Incident => $"The nodes of a graph are {nodes}. {Incident(graph)}",
            GraphWording.Compact => Compact(graph),
            GraphWording.Friendship => Say($"Who are friends among {nodes}?", pairs((a, b) => $"{a} and {b} are friends."), "Nobody has a friend."),
            GraphWording.Coauthorship => Say($"Who wrote papers together among {nodes}?", pairs((a, b) => $"{a} and {b} wrote a paper together."), "Nobody wrote one."),
            GraphWording.SocialNetwork or GraphWording.Politician
                => Say($"A social network of {nodes}.", pairs((a, b) => $"{a} and {b} are connected."), "Nobody is connected."),
            _ => Say($"You are a graph analyst. The nodes are {nodes}.", pairs((a, b) => $"{a} -> {b}"), "There are no edges."),
        };
    }

    /// <summary>Says a question.</summary>
    public string Question(GraphQuestion question, int first, int second) => "Q: " + question switch
    {
        GraphQuestion.NodeCount => "How many nodes are in this graph?",
        GraphQuestion.EdgeCount => "How many edges are in this graph?",
        GraphQuestion.EdgeExistence => $"Is node {Name(first)} connected to node {Name(second)}?",
        GraphQuestion.NodeDegree => $"What is the degree of node {Name(first)}?",
        GraphQuestion.ConnectedNodes => $"Which nodes are connected to node {Name(first)}?",
        GraphQuestion.DisconnectedNodes => $"Which nodes are not connected to node {Name(first)}?",
        GraphQuestion.Connectivity => "Is this graph connected?",
        GraphQuestion.ConnectedComponents => "How many connected components are in this graph?",
        GraphQuestion.CycleCheck => "Is there a cycle in this graph?",
        GraphQuestion.Bipartiteness => "Is this graph bipartite?",
        GraphQuestion.Diameter => "What is the diameter of this graph?",
        GraphQuestion.TriangleCounting => "How many triangles are in this graph?",
        GraphQuestion.Reachability => $"Is there a path from node {Name(first)} to node {Name(second)}?",
        _ => $"How many edges has the shortest path from node {Name(first)} to node {Name(second)}?",
    } + " A:";

    /// <summary>Says an answer.</summary>
    public string Answer(RandomGraph graph, GraphQuestion question, int first, int second)
    {
        if (question.IsPerNode())
        {
            SortedSet<int> beside = GraphAnswers.Neighbours(graph)[first];
            string[] said = [.. Enumerable.Range(0, graph.Nodes).Where(n => n != first && beside.Contains(n) == (question == GraphQuestion.ConnectedNodes)).Select(Name)];
            return said.Length == 0 ? "No nodes." : string.Join(", ", char.IsDigit(said[0][0]) ? said : said.Order(StringComparer.Ordinal)) + ".";
        }

        int answer = GraphAnswers.Of(graph, question, first, second);
        return question switch
        {
            GraphQuestion.CycleCheck => answer == 1 ? "Yes, there is a cycle." : "No, there is no cycle.",
            _ when question.IsYesOrNo() => answer == 1 ? "Yes." : "No.",
            GraphQuestion.ShortestPath when answer == 0 => $"There is no path from node {Name(first)} to node {Name(second)}.",
            _ => answer.ToString(CultureInfo.InvariantCulture) + ".",
        };
    }

    private static string Say(string opening, string[] edges, string none) => $"{opening} {(edges.Length == 0 ? none : string.Join(" ", edges))}";

    private static string List(string[] names) => string.Join(", ", names[..^1]) + (names.Length > 2 ? ", and " : " and ") + names[^1];

    private static string Meaning(RandomGraph graph) => graph.IsDirected
        ? "In a directed graph, (i, j) means that an edge leads from node i to node j."
        : "In an undirected graph, (i, j) means that nodes i and j have an edge.";

    private static string Incident(RandomGraph graph)
    {
        SortedSet<int>[] beside = GraphAnswers.Neighbours(graph);
        string leads = graph.IsDirected ? "points" : "is connected";
        return string.Join(" ", Enumerable.Range(0, graph.Nodes).Select(node => beside[node].Count switch
        {
            0 => $"Node {node} {leads} to no nodes.",
            1 => $"Node {node} {leads} to node {beside[node].Min}.",
            _ => $"Node {node} {leads} to nodes {string.Join(", ", beside[node])}.",
        }));
    }

    private string Compact(RandomGraph graph)
        => string.Join(" ", GraphAnswers.Neighbours(graph).Select((beside, node) => $"{Name(node)}: {(beside.Count == 0 ? "alone" : string.Join(" ", beside.Select(Name)))}."));
}
