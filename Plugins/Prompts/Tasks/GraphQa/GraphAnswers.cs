namespace DeltaTune.Prompts.Tasks.GraphQa;

/// <summary>Computes the answers.</summary>
internal static class GraphAnswers
{
    /// <summary>Answers a question as a number: 0 or 1 for no or yes; the length of a path, 0 where there is none.</summary>
    /// <param name="graph">The graph.</param>
    /// <param name="question">Any but those with an answer for each node.</param>
    /// <param name="first">The first node asked about.</param>
    /// <param name="second">The second.</param>
    public static int Of(RandomGraph graph, GraphQuestion question, int first, int second) => question switch
    {
        GraphQuestion.NodeCount => graph.Nodes,
        GraphQuestion.EdgeCount => graph.Edges.Count,
        GraphQuestion.EdgeExistence => Neighbours(graph)[first].Contains(second) ? 1 : 0,
        GraphQuestion.NodeDegree => graph.Edges.Count(e => e.First == first || e.Second == first),
        GraphQuestion.Connectivity => Components(graph) == 1 ? 1 : 0,
        GraphQuestion.ConnectedComponents => Components(graph),
        GraphQuestion.CycleCheck => HasCycle(graph) ? 1 : 0,
        GraphQuestion.Bipartiteness => IsBipartite(graph) ? 1 : 0,
        GraphQuestion.Reachability => Distances(Neighbours(graph), first)[second] > 0 ? 1 : 0,
        GraphQuestion.ShortestPath => Math.Max(0, Distances(Neighbours(graph), first)[second]),
        GraphQuestion.Diameter => Enumerable.Range(0, graph.Nodes).Max(node => Distances(Neighbours(graph), node).Max()),
        GraphQuestion.TriangleCounting => Triangles(graph),
        _ => throw new ArgumentOutOfRangeException(nameof(question), question, "has no answer that is one number"),
    };

    /// <summary>The nodes that an edge leads to from each node, ascending.</summary>
    public static SortedSet<int>[] Neighbours(RandomGraph graph)
    {
        SortedSet<int>[] beside = [.. Enumerable.Range(0, graph.Nodes).Select(_ => new SortedSet<int>())];
        foreach ((int first, int second) in graph.Edges)
        {
            beside[first].Add(second);
            if (!graph.IsDirected)
            {
                beside[second].Add(first);
            }
        }

        return beside;
    }

    private static SortedSet<int>[] EitherWay(RandomGraph graph) => Neighbours(graph with { IsDirected = false });

    // What is left when nodes that lead nowhere are taken away, again and again, is a cycle with what leads into it. An edge both ways is none
    // in an undirected graph, where what is left has to have two edges.
    private static bool HasCycle(RandomGraph graph)
    {
        SortedSet<int>[] beside = Neighbours(graph);
        int few = graph.IsDirected ? 0 : 1;
        HashSet<int> left = [.. Enumerable.Range(0, graph.Nodes)];
        while (left.RemoveWhere(node => beside[node].Count(left.Contains) <= few) > 0)
        {
        }

        return left.Count > 0;
    }

    private static int Components(RandomGraph graph)
    {
        SortedSet<int>[] beside = EitherWay(graph);
        HashSet<int> seen = [];
        int parts = 0;
        for (int node = 0; node < graph.Nodes; node++)
        {
            if (!seen.Contains(node))
            {
                parts++;
                seen.UnionWith(Reached(Distances(beside, node)));
            }
        }

        return parts;
    }

    // In a part of the graph, odd and even distances from one of its nodes are the two colours, if any two will do.
    private static bool IsBipartite(RandomGraph graph)
    {
        SortedSet<int>[] beside = EitherWay(graph);
        var colour = new int[graph.Nodes];
        for (int node = 0; node < graph.Nodes; node++)
        {
            int[] distance = Distances(beside, node);
            foreach (int other in Reached(distance).Where(other => colour[other] == 0))
            {
                colour[other] = 1 + (distance[other] % 2);
            }
        }

        return graph.Edges.All(e => colour[e.First] != colour[e.Second]);
    }

    private static int Triangles(RandomGraph graph)
    {
        SortedSet<int>[] beside = EitherWay(graph);
        return Enumerable.Range(0, graph.Nodes).Sum(i => beside[i].Where(j => j > i).Sum(j => beside[j].Count(k => k > j && beside[i].Contains(k))));
    }

    private static IEnumerable<int> Reached(int[] distance) => Enumerable.Range(0, distance.Length).Where(node => distance[node] >= 0);

    // In edges, -1 where no path leads.
    private static int[] Distances(SortedSet<int>[] beside, int from)
    {
        var distance = new int[beside.Length];
        Array.Fill(distance, -1);
        distance[from] = 0;
        var queue = new Queue<int>([from]);
        while (queue.TryDequeue(out int node))
        {
            foreach (int next in beside[node].Where(next => distance[next] < 0))
            {
                distance[next] = distance[node] + 1;
                queue.Enqueue(next);
            }
        }

        return distance;
    }
}
