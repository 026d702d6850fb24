using DeltaTune.Batches;

namespace DeltaTune.Backbones.Pretraining.Graphs;

/// <summary>Cuts parts out of graphs.</summary>
internal static class Subgraphs
{
    /// <summary>The part with some nodes and the edges between them.</summary>
    /// <param name="graph">The whole. Not changed.</param>
    /// <param name="nodes">Which, ascending: their places are their new numbers.</param>
    public static Graph Induced(Graph graph, IReadOnlyList<int> nodes)
    {
        var taken = new bool[graph.NodeCount];
        foreach (int node in nodes)
        {
            taken[node] = true;
        }

        return graph.Part(nodes, [.. Enumerable.Range(0, graph.Sources.Length).Where(e => taken[graph.Sources[e]] && taken[graph.Targets[e]])]);
    }

    /// <summary>How many edges each node is away; -1 where no way leads.</summary>
    public static int[] Distances(Graph graph, int from)
    {
        List<int>[] next = Neighbours(graph);
        var distance = new int[graph.NodeCount];
        Array.Fill(distance, -1);
        distance[from] = 0;
        var queue = new Queue<int>([from]);
        while (queue.TryDequeue(out int node))
        {
            foreach (int other in next[node].Where(other => distance[other] < 0))
            {
                distance[other] = distance[node] + 1;
                queue.Enqueue(other);
            }
        }

        return distance;
    }

    /// <summary>The nodes that each node's edges lead to.</summary>
    public static List<int>[] Neighbours(Graph graph)
    {
        var next = new List<int>[graph.NodeCount];
        for (int i = 0; i < next.Length; i++)
        {
            next[i] = [];
        }

        for (int e = 0; e < graph.Sources.Length; e++)
        {
            next[graph.Sources[e]].Add(graph.Targets[e]);
        }

        return next;
    }
}
