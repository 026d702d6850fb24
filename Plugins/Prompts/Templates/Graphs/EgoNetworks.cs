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
        var seen = new HashSet<int>();
        var order = new List<int>();
        foreach (int node in nodes) { Take(node); }
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

        var edges = new SortedSet<int>(order.SelectMany(n => incidence.Of(n)).Where(e => seen.Contains(graph.Sources[e]) && seen.Contains(graph.Targets[e])));
        return graph.Part(order, edges);

        void Take(int node)
        {
            if (seen.Add(node)) { order.Add(node); }
        }
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
