using DeltaTune.Tasks;

namespace DeltaTune.Prompts.Tasks.GraphQa;

/// <summary>A graph without loops.</summary>
/// <param name="Nodes">How many nodes there are; they are numbered from 0.</param>
/// <param name="Edges">Each edge once, in ascending order: the lower number first, or where the graph is directed the node that the edge leaves.</param>
/// <param name="IsDirected">Whether an edge leads one way only.</param>
internal sealed record RandomGraph(int Nodes, IReadOnlyList<(int First, int Second)> Edges, bool IsDirected = false)
{
    private const int LargestSmall = 9, LargestMedium = 14; // of the size classes that say how many communities there may be

    // Bollobás et al. 2003, with the defaults of the source's library: how often a new node points at an old one, an old one at an old one
    // (in the remaining cases an old one points at a new one), and what is added to the degree that an old one is chosen by when it is pointed at.
    private const double NewToOld = 0.41, OldToOld = 0.54, Extra = 0.2;

    /// <summary>Draws a graph.</summary>
    /// <param name="kind">How.</param>
    /// <param name="nodes">How many nodes.</param>
    /// <param name="random">Where chance comes from.</param>
    /// <param name="isDirected">Whether edges lead one way: each is drawn for itself; those of stars and of Barabási and Albert turn by the toss of a coin, a path's and a complete graph's do not.</param>
    public static RandomGraph Draw(GraphKind kind, int nodes, SplitMix64 random, bool isDirected = false)
    {
        (int, int)[] pairs = [.. Pairs(nodes)];
        pairs = isDirected ? [.. pairs, .. pairs.Select(p => (p.Item2, p.Item1))] : pairs;
        IEnumerable<(int, int)> edges = kind switch
        {
            GraphKind.ErdosRenyi => ErdosRenyi(pairs, random.NextDouble(), random),
            GraphKind.BarabasiAlbert => Tossed(BarabasiAlbert(nodes, 1 + random.Next(nodes - 1), random), isDirected, random),
            GraphKind.StochasticBlock => StochasticBlock(nodes, pairs, random),
            GraphKind.ScaleFree => ScaleFree(nodes, random),
            GraphKind.Path => Path(nodes, random),
            GraphKind.Star => Tossed(Star(nodes, random.Next(nodes)), isDirected, random),
            _ => pairs,
        };
        return Of(nodes, edges, isDirected);
    }

    /// <summary>A graph with some edges, in any order, each once or more.</summary>
    public static RandomGraph Of(int nodes, IEnumerable<(int First, int Second)> edges, bool isDirected = false)
        => new(nodes, [.. edges.Select(e => isDirected || e.First < e.Second ? e : (e.Second, e.First)).Distinct().Order()], isDirected);

    private static IEnumerable<(int First, int Second)> Pairs(int nodes)
        => Enumerable.Range(0, nodes).SelectMany(i => Enumerable.Range(i + 1, nodes - i - 1).Select(j => (i, j)));

    private static List<(int, int)> ErdosRenyi((int, int)[] pairs, double probability, SplitMix64 random)
        => [.. pairs.Where(_ => random.NextDouble() < probability)];

    private static IEnumerable<(int, int)> Tossed(IEnumerable<(int First, int Second)> edges, bool isDirected, SplitMix64 random)
        => isDirected ? [.. edges.Select(e => random.Next(2) == 0 ? e : (e.Second, e.First))] : edges;

    // The first m + 1 nodes are a star; each later one joins m different nodes, drawn by the ends of the edges so far.
    private static List<(int, int)> BarabasiAlbert(int nodes, int joined, SplitMix64 random)
    {
        List<(int, int)> edges = [.. Enumerable.Range(1, joined).Select(i => (0, i))];
        List<int> ends = [.. edges.SelectMany(e => new[] { e.Item1, e.Item2 })];
        for (int node = joined + 1; node < nodes; node++)
        {
            var chosen = new SortedSet<int>();
            while (chosen.Count < joined)
            {
                chosen.Add(ends[random.Next(ends.Count)]);
            }

            foreach (int other in chosen)
            {
                edges.Add((other, node));
                ends.AddRange([other, node]);
            }
        }

        return edges;
    }

    private static List<(int, int)> StochasticBlock(int nodes, (int First, int Second)[] pairs, SplitMix64 random)
    {
        int most = Math.Min(nodes, nodes <= LargestSmall ? 3 : nodes <= LargestMedium ? 7 : 9);
        int blocks = most < 2 ? 1 : 2 + random.Next(most - 1);
        int[] block = [.. Enumerable.Range(0, nodes).Select(_ => random.Next(blocks))];
        var probability = new double[blocks, blocks];
        for (int i = 0; i < blocks; i++)
        {
            for (int j = i; j < blocks; j++)
            {
                probability[i, j] = probability[j, i] = random.NextDouble();
            }
        }

        return [.. pairs.Where(p => random.NextDouble() < probability[block[p.First], block[p.Second]])];
    }

    // Starts as a triangle pointing round. Loops are left out, and what is drawn twice counts once.
    private static IEnumerable<(int, int)> ScaleFree(int nodes, SplitMix64 random)
    {
        int count = Math.Min(3, nodes);
        List<(int From, int To)> edges = [.. Enumerable.Range(0, count).Select(i => (i, (i + 1) % count))];
        while (count < nodes)
        {
            double drawn = random.NextDouble();
            int from = drawn < NewToOld ? count : edges[random.Next(edges.Count)].From;
            int to = drawn < NewToOld + OldToOld ? PointedAt(edges, count, random) : count;
            edges.Add((from, to));
            count += drawn is < NewToOld or >= NewToOld + OldToOld ? 1 : 0;
        }

        return edges.Where(e => e.From != e.To);
    }

    // A node by how many edges point at it, and a little more.
    private static int PointedAt(List<(int From, int To)> edges, int nodes, SplitMix64 random)
        => random.NextDouble() * (edges.Count + (Extra * nodes)) < edges.Count ? edges[random.Next(edges.Count)].To : random.Next(nodes);

    private static IEnumerable<(int, int)> Path(int nodes, SplitMix64 random)
    {
        int[] order = [.. Enumerable.Range(0, nodes)];
        random.Shuffle(order);
        return order.Zip(order.Skip(1));
    }

    private static IEnumerable<(int, int)> Star(int nodes, int centre) => Enumerable.Range(0, nodes).Where(i => i != centre).Select(i => (centre, i));
}
