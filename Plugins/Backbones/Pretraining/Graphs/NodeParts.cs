using System.Collections;
using DeltaTune.Backbones.Graphs;
using DeltaTune.Batches;

namespace DeltaTune.Backbones.Pretraining.Graphs;

/// <summary>The part of a graph around each of its nodes, cut out when it is asked for: all parts together would hold every node many times.</summary>
/// <param name="index">The graph's edges, each of which stands there and back.</param>
/// <param name="hops">How many edges away a node of a part may be.</param>
/// <param name="most">The most nodes of a part; the nearest are taken.</param>
internal sealed class NodeParts(NeighbourIndex index, int hops, int most) : IReadOnlyList<Graph>
{
    /// <inheritdoc/>
    public int Count => index.Graph.NodeCount;

    /// <inheritdoc/>
    public Graph this[int node]
    {
        get
        {
            Graph graph = index.Graph;
            int[] nodes = Near(node);
            HashSet<int> near = [.. nodes];
            int[] edges = [.. nodes.SelectMany(n => index.To(n).ToArray()).Where(e => near.Contains(graph.Sources[e]))];
            Array.Sort(edges);
            return graph.Part(nodes, edges);
        }
    }

    /// <inheritdoc/>
    public IEnumerator<Graph> GetEnumerator() => Enumerable.Range(0, Count).Select(node => this[node]).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    private int[] Near(int node)
    {
        var seen = new HashSet<int> { node };
        List<int> order = [node];
        for (int hop = 0, done = 0; hop < hops; hop++)
        {
            for (int end = order.Count; done < end; done++)
            {
                foreach (int edge in index.To(order[done]))
                {
                    if (order.Count == most) { return [.. order]; }
                    if (seen.Add(index.Graph.Sources[edge])) { order.Add(index.Graph.Sources[edge]); }
                }
            }
        }

        return [.. order];
    }
}
