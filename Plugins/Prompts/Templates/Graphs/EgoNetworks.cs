using System.Runtime.CompilerServices;
using DeltaTune.Batches;

namespace DeltaTune.Prompts.Templates;

/// <summary>Cuts the surroundings of nodes out of a graph, so that a question about a node, or about two, becomes one about a whole graph.</summary>
/// <remarks>
/// Source: Sun et al. 2023, "All in One: Multi-Task Prompting for Graph Neural Networks", §3.2, https://arxiv.org/abs/2307.01504. The nodes asked about come first; all edges
/// of the graph between nodes that were taken are taken, in the graph's order.
/// </remarks>
/// <param name="hops">How many edges away a node may be, whichever way they go.</param>
internal sealed class EgoNetworks(int hops)
{
    private readonly ConditionalWeakTable<Graph, Incidence> _incidences = []; // a large graph comes with every example

    /// <summary>Cuts out. May be called from several threads at once.</summary>
    /// <param name="graph">The whole graph.</param>
    /// <param name="nodes">The nodes in the middle.</param>
    /// <returns>A graph of its own.</returns>
    public Graph Around(Graph graph, params IReadOnlyList<int> nodes)
    {
        Incidence incidence = _incidences.GetValue(graph, g => new Incidence(g));
        var places = new Dictionary<int, int>(); // of the graph's nodes in the part
        var order = new List<int>();
        foreach (int node in nodes) { Take(node); }
        var edges = new SortedSet<int>();
        for (int hop = 0, done = 0; hop < hops; hop++)
        {
            for (int end = order.Count; done < end; done++)
            {
                foreach (int edge in incidence.Of(order[done]))
                {
                    Take(graph.Sources[edge]);
                    Take(graph.Targets[edge]);
                }
            }
        }

        edges.UnionWith(order.SelectMany(n => incidence.Of(n)).Where(e => places.ContainsKey(graph.Sources[e]) && places.ContainsKey(graph.Targets[e])));
        return new Graph(
            order.Count, Rows(graph.Nodes, order), [.. edges.Select(e => places[graph.Sources[e]])], [.. edges.Select(e => places[graph.Targets[e]])],
            graph.Edges is { } table ? Rows(table, edges) : null)
        {
            Texts = graph.Texts is { } texts ? [.. order.Select(node => texts[node])] : null,
        };

        void Take(int node)
        {
            if (places.TryAdd(node, order.Count)) { order.Add(node); }
        }
    }

    private static FeatureTable Rows(FeatureTable table, IReadOnlyCollection<int> rows) => table.Values is { } values
        ? new FeatureTable(table.Width, Taken(values, table.Width, rows))
        : new FeatureTable(table.Width, Taken(table.Categories!, table.Width, rows));

    private static T[] Taken<T>(T[] values, int width, IReadOnlyCollection<int> rows)
    {
        var taken = new T[rows.Count * width];
        int at = 0;
        foreach (int row in rows)
        {
            values.AsSpan(row * width, width).CopyTo(taken.AsSpan(at));
            at += width;
        }

        return taken;
    }

    // The edges that begin or end at each node, one list after the other.
    private sealed class Incidence
    {
        private readonly int[] _starts, _edges;

        public Incidence(Graph graph)
        {
            _starts = new int[graph.NodeCount + 1];
            for (int e = 0; e < graph.Sources.Length; e++)
            {
                _starts[graph.Sources[e] + 1]++;
                _starts[graph.Targets[e] + 1]++;
            }

            for (int i = 0; i < graph.NodeCount; i++) { _starts[i + 1] += _starts[i]; }
            _edges = new int[2 * graph.Sources.Length];
            int[] next = [.. _starts];
            for (int e = 0; e < graph.Sources.Length; e++)
            {
                _edges[next[graph.Sources[e]]++] = e;
                _edges[next[graph.Targets[e]]++] = e;
            }
        }

        public ArraySegment<int> Of(int node) => new(_edges, _starts[node], _starts[node + 1] - _starts[node]);
    }
}
