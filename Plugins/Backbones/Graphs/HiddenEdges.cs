using DeltaTune.Batches;

namespace DeltaTune.Backbones.Graphs;

/// <summary>Takes out of a graph the edges that would give away what a batch is asked.</summary>
/// <remarks>Schlichtkrull et al. 2018, https://arxiv.org/abs/1703.06103, drop edges at random to the same end; here those go that are asked about, and no others.</remarks>
internal static class HiddenEdges
{
    /// <summary>A graph without some of its edges.</summary>
    /// <param name="graph">Checked.</param>
    /// <param name="hidden">Numbers of edges, in any order, perhaps several times.</param>
    /// <returns>A new graph whose edges keep their order; the graph itself where nothing is hidden.</returns>
    public static Graph Without(Graph graph, IEnumerable<int> hidden)
    {
        bool[]? isHidden = null;
        foreach (int edge in hidden)
        {
            (isHidden ??= new bool[graph.Sources.Length])[edge] = true;
        }

        if (isHidden is null)
        {
            return graph;
        }

        int[] kept = [.. Enumerable.Range(0, isHidden.Length).Where(e => !isHidden[e])];
        return graph with
        {
            Sources = [.. kept.Select(e => graph.Sources[e])],
            Targets = [.. kept.Select(e => graph.Targets[e])],
            Edges = graph.Edges?.Take(kept),
        };
    }
}
