using DeltaTune.Batches;
using DeltaTune.Prompts;
using static TorchSharp.torch;

namespace DeltaTune.Backbones.Graphs;

/// <summary>Checks graphs against what a network's tables can hold, and lays them side by side.</summary>
internal sealed class GraphInputEncoder : InputEncoder
{
    private readonly FeatureRule _nodes, _edges;

    /// <param name="nodes">What a node's row must be.</param>
    /// <param name="edges">What an edge's row must be.</param>
    public GraphInputEncoder(FeatureRule nodes, FeatureRule edges) => (_nodes, _edges) = (nodes, edges);

    /// <inheritdoc/>
    public override EncodedInput Encode(IReadOnlyList<PromptPiece> pieces, EncodingOptions options)
    {
        ArgumentNullException.ThrowIfNull(pieces);
        if (pieces is not [GraphPiece piece])
        {
            throw Wrong($"must be one graph, as the template 'graph' gives, but has {pieces.Count} pieces"
                + (pieces.Count > 0 ? $", the first being a {pieces[0].GetType().Name}" : ""));
        }

        Graph graph = piece.Graph;
        if (graph.NodeCount < 1)
        {
            throw Wrong($"must have 1 node or more, but has {graph.NodeCount}");
        }

        if (graph.Sources.Length != graph.Targets.Length)
        {
            throw Wrong($"must have a source and a target for each edge, but has {graph.Sources.Length} sources and {graph.Targets.Length} targets");
        }

        CheckNumbers(graph.Sources, graph.NodeCount, "source");
        CheckNumbers(graph.Targets, graph.NodeCount, "target");
        _nodes.Check(graph.Nodes, graph.NodeCount);
        _edges.Check(graph.Edges, graph.Sources.Length);
        return piece.ReadNode is { } read && (uint)read >= (uint)graph.NodeCount
            ? throw Wrong($"must ask about a node from 0 to {graph.NodeCount - 1}, but asks about {read}")
            : new EncodedGraph(graph, piece.ReadNode);
    }

    /// <inheritdoc/>
    public override ModelBatch Collate(IReadOnlyList<EncodedInput> rows, Device device)
    {
        ArgumentNullException.ThrowIfNull(rows);
        EncodedGraph[] graphs = [.. rows.Cast<EncodedGraph>()];
        int nodes = graphs.Sum(g => g.Graph.NodeCount), edges = graphs.Sum(g => g.Graph.Sources.Length);
        var index = new long[2 * edges];    // sources, then targets
        var owners = new long[nodes];
        bool readsNodes = graphs.Any(g => g.ReadNode is not null);
        var read = new long[readsNodes ? graphs.Length : 0];
        int node = 0, edge = 0;
        for (int g = 0; g < graphs.Length; g++)
        {
            Graph graph = graphs[g].Graph;
            for (int e = 0; e < graph.Sources.Length; e++)
            {
                index[edge + e] = graph.Sources[e] + node;
                index[edges + edge + e] = graph.Targets[e] + node;
            }

            owners.AsSpan(node, graph.NodeCount).Fill(g);
            if (readsNodes)
            {
                read[g] = node + (graphs[g].ReadNode
                    ?? throw Wrong("must ask about a node in every row of a batch or in none, but only some do"));
            }

            node += graph.NodeCount;
            edge += graph.Sources.Length;
        }

        return new GraphBatch
        {
            Nodes = _nodes.Join(graphs.Select(g => g.Graph.Nodes), nodes, device)!,
            EdgeIndex = FeatureRule.Tensor(index, [2, edges], device),
            Edges = _edges.Join(graphs.Select(g => g.Graph.Edges), edges, device),
            NodeGraph = FeatureRule.Tensor(owners, [nodes], device),
            Graphs = graphs.Length,
            ReadNodes = readsNodes ? FeatureRule.Tensor(read, [graphs.Length], device) : null,
        };
    }

    private static void CheckNumbers(int[] ends, int nodes, string what)
    {
        int wrong = Array.FindIndex(ends, end => (uint)end >= (uint)nodes);
        if (wrong >= 0)
        {
            throw Wrong($"must have nodes from 0 to {nodes - 1} at the ends of its edges, but the {what} of edge {wrong} is {ends[wrong]}");
        }
    }

    private static InvalidRunException Wrong(string problem) => new("the graph", problem);
}
