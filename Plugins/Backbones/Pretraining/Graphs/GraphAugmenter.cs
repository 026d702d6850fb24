using DeltaTune.Batches;
using DeltaTune.Tasks;

namespace DeltaTune.Backbones.Pretraining.Graphs;

/// <summary>Makes a changed copy of a graph.</summary>
/// <remarks>Source: You et al. 2020, GraphCL, https://arxiv.org/abs/2010.13902, §3.1. A new bond is a single one. Hidden feature vectors are 0.</remarks>
internal static class GraphAugmenter
{
    /// <summary>Changes a copy.</summary>
    /// <param name="graph">The graph. Not changed.</param>
    /// <param name="kind">How.</param>
    /// <param name="rate">How much of it.</param>
    /// <param name="random">Where chance comes from.</param>
    public static Graph Apply(Graph graph, GraphAugmentation kind, double rate, SplitMix64 random) => kind switch
    {
        GraphAugmentation.NodeDropping => Subgraphs.Induced(graph, Kept(graph.NodeCount, rate, random)),
        GraphAugmentation.EdgePerturbation => Perturb(graph, rate, random),
        GraphAugmentation.Subgraph => Subgraphs.Induced(graph, Walk(graph, rate, random)),
        _ when graph.Nodes.Values is { } values => graph with { Nodes = new FeatureTable(graph.Nodes.Width, Hidden(values, graph, rate, random)) },
        _ => MaskedGraph.Draw(graph, rate, masksBonds: false, random).Graph,
    };

    private static float[] Hidden(float[] values, Graph graph, double rate, SplitMix64 random)
    {
        var hidden = new float[values.Length];
        foreach (int node in Kept(graph.NodeCount, rate, random))
        {
            int start = node * graph.Nodes.Width;
            values.AsSpan(start, graph.Nodes.Width).CopyTo(hidden.AsSpan(start));
        }

        return hidden;
    }

    private static int[] Kept(int nodes, double rate, SplitMix64 random)
    {
        int[] order = [.. Enumerable.Range(0, nodes)];
        random.Shuffle(order);
        int[] kept = order[..Math.Max(1, nodes - (int)(nodes * rate))];
        Array.Sort(kept);
        return kept;
    }

    // Goes on to a node beside one that it has, until it has enough or there is none.
    private static int[] Walk(Graph graph, double rate, SplitMix64 random)
    {
        List<int>[] next = Subgraphs.Neighbours(graph);
        int wanted = Math.Max(1, graph.NodeCount - (int)(graph.NodeCount * rate)), first = random.Next(graph.NodeCount);
        var kept = new SortedSet<int> { first };
        List<int> rim = [.. next[first]];
        while (kept.Count < wanted && rim.Count > 0)
        {
            int at = random.Next(rim.Count), node = rim[at];
            rim.RemoveAt(at);
            if (kept.Add(node))
            {
                rim.AddRange(next[node].Where(n => !kept.Contains(n)));
            }
        }

        return [.. kept];
    }

    private static Graph Perturb(Graph graph, double rate, SplitMix64 random)
    {
        (int, int)[] pairs = [.. graph.Sources.Zip(graph.Targets, Pair).Distinct()]; // an edge stands there and back
        int changed = (int)(pairs.Length * rate);
        HashSet<(int, int)> kept = pairs.Length == 0 ? [] : [.. Kept(pairs.Length, (double)changed / pairs.Length, random).Select(i => pairs[i])];
        int[] edges = [.. Enumerable.Range(0, graph.Sources.Length).Where(e => kept.Contains(Pair(graph.Sources[e], graph.Targets[e])))];
        List<int> sources = [.. edges.Select(e => graph.Sources[e])], targets = [.. edges.Select(e => graph.Targets[e])];
        var there = new HashSet<(int, int)>(pairs);
        for (int added = 0, tries = 0; added < changed && tries < 20 * changed; tries++)
        {
            (int first, int second) = (random.Next(graph.NodeCount), random.Next(graph.NodeCount));
            if (first != second && there.Add(Pair(first, second)))
            {
                sources.AddRange([first, second]);
                targets.AddRange([second, first]);
                added++;
            }
        }

        return graph with { Sources = [.. sources], Targets = [.. targets], Edges = graph.Edges is { } table ? Widened(table.Take(edges), sources.Count) : null };
    }

    private static (int, int) Pair(int first, int second) => (Math.Min(first, second), Math.Max(first, second));

    private static FeatureTable Widened(FeatureTable table, int rows)
    {
        long[] categories = table.Categories!;
        Array.Resize(ref categories, rows * table.Width); // new edges are of category 0
        return new FeatureTable(table.Width, categories);
    }
}
