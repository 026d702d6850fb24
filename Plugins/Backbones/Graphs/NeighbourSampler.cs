using DeltaTune.Batches;
using DeltaTune.Tasks;

namespace DeltaTune.Backbones.Graphs;

/// <summary>Takes the part of a graph that some of its nodes hear from.</summary>
/// <remarks>Source: Hamilton et al. 2017, https://arxiv.org/abs/1706.02216, §3.1 and appendix A; neighbours are drawn without replacement. All layers run on one part.</remarks>
internal static class NeighbourSampler
{
    /// <summary>Takes a part.</summary>
    /// <param name="index">The graph's edges.</param>
    /// <param name="nodes">The nodes asked about; they come first, in this order.</param>
    /// <param name="fanOuts">The most neighbours of a node, a number a step; below 0 for all.</param>
    /// <param name="seed">What is drawn from.</param>
    /// <returns>The part; its edges keep the graph's order.</returns>
    public static Graph Sample(NeighbourIndex index, IReadOnlyList<int> nodes, IReadOnlyList<int> fanOuts, long seed)
    {
        var random = new SplitMix64((ulong)seed);
        var seen = new HashSet<int>();
        List<int> order = [.. nodes.Where(seen.Add)];

        var edges = new SortedSet<int>();
        int done = 0;
        foreach (int fanOut in fanOuts)
        {
            int end = order.Count;
            for (; done < end; done++) // the nodes that the step before brought
            {
                foreach (int edge in Draw(index.To(order[done]), fanOut, random))
                {
                    edges.Add(edge);
                    int source = index.Graph.Sources[edge];
                    if (seen.Add(source)) { order.Add(source); }
                }
            }
        }

        return index.Graph.Part(order, edges);
    }

    private static int[] Draw(ReadOnlySpan<int> all, int most, SplitMix64 random)
    {
        int[] drawn = all.ToArray();
        if (most < 0 || drawn.Length <= most) { return drawn; }
        random.Shuffle(drawn);
        return drawn[..most];
    }
}
