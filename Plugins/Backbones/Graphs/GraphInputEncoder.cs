using System.Runtime.CompilerServices;
using DeltaTune.Backbones.Molecules;
using DeltaTune.Backbones.TextGraphs;
using DeltaTune.Batches;
using DeltaTune.Prompts;
using static TorchSharp.torch;

namespace DeltaTune.Backbones.Graphs;

/// <summary>Checks graphs against what a network's tables can hold, and lays them side by side.</summary>
internal sealed class GraphInputEncoder : InputEncoder, IGraphReader
{
    private readonly FeatureRule _nodes, _edges;
    private readonly MoleculeForm? _molecules;
    private readonly NodeTextEncoder? _texts;
    private readonly PlaceEncoder? _places;
    private readonly ConditionalWeakTable<Graph, object> _checked = []; // a large graph comes with every row that asks about one of its nodes
    private readonly ConditionalWeakTable<Graph, NeighbourIndex> _indices = [];

    /// <param name="nodes">What a node's row must be.</param>
    /// <param name="edges">What an edge's row must be.</param>
    /// <param name="molecules">How molecules are read from text; null where they are not.</param>
    /// <param name="texts">Reads what nodes say, where that takes the place of features; null where it does not.</param>
    /// <param name="places">Keeps what nodes are told of their places; null where they are told nothing.</param>
    public GraphInputEncoder(FeatureRule nodes, FeatureRule edges, MoleculeForm? molecules = null, NodeTextEncoder? texts = null, PlaceEncoder? places = null)
        => (_nodes, _edges, _molecules, _texts, _places) = (nodes, edges, molecules, texts, places);

    /// <summary>The same network's encoder where its node features are made of texts.</summary>
    /// <param name="texts">Reads them.</param>
    public GraphInputEncoder Of(NodeTextEncoder texts) => new(FeatureRule.Ignored, _edges, texts: texts, places: _places);

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
        _ = _checked.GetValue(graph, Check);
        if (piece.ReadNode is { } read && (uint)read >= (uint)graph.NodeCount)
        {
            throw Wrong($"must ask about a node from 0 to {graph.NodeCount - 1}, but asks about {read}");
        }

        CheckRelation(piece);
        return new EncodedGraph(graph, piece.ReadNode) { ReadRelation = piece.ReadRelation, HiddenEdges = piece.HiddenEdges };
    }

    /// <inheritdoc/>
    public Graph ReadGraph(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return _molecules is { } form
            ? MoleculeGraphs.Of(MoleculeCleaner.Read(text), form == MoleculeForm.WithHydrogens)
            : throw Wrong("must be given as a graph, since this network reads feature vectors, but is given as a text");
    }

    /// <inheritdoc/>
    /// <remarks>
    /// Rows that ask about nodes of one graph share it: it stands in the batch once, or the part of it that they hear from, without the edges that any of them
    /// hides where the batch is trained on.
    /// </remarks>
    public override ModelBatch Collate(IReadOnlyList<EncodedInput> rows, Device device)
    {
        ArgumentNullException.ThrowIfNull(rows);
        EncodedGraph[] encoded = [.. rows.Cast<EncodedGraph>()];
        (Graph[] graphs, (int Graph, int Node)[]? asked) = Arrange(encoded);
        int nodes = graphs.Sum(g => g.NodeCount), edges = graphs.Sum(g => g.Sources.Length);
        var index = new long[2 * edges];    // sources, then targets
        var owners = new long[nodes];
        var starts = new int[graphs.Length];
        int node = 0, edge = 0;
        for (int g = 0; g < graphs.Length; g++)
        {
            Graph graph = graphs[g];
            for (int e = 0; e < graph.Sources.Length; e++)
            {
                index[edge + e] = graph.Sources[e] + node;
                index[edges + edge + e] = graph.Targets[e] + node;
            }

            owners.AsSpan(node, graph.NodeCount).Fill(g);
            starts[g] = node;
            node += graph.NodeCount;
            edge += graph.Sources.Length;
        }

        var batch = new GraphBatch
        {
            Nodes = _nodes.Join(graphs.Select(g => g.Nodes), nodes, device) ?? empty([nodes, 0], device: device),
            EdgeIndex = FeatureRule.Tensor(index, [2, edges], device),
            Edges = _edges.Join(graphs.Select(g => g.Edges), edges, device),
            NodeGraph = FeatureRule.Tensor(owners, [nodes], device),
            Graphs = graphs.Length,
            ReadNodes = asked is null ? null : FeatureRule.Tensor([.. asked.Select(a => (long)starts[a.Graph] + a.Node)], [asked.Length], device),
            ReadRelations = asked is null || encoded[0].ReadRelation is null ? null : FeatureRule.Tensor([.. encoded.Select(r => (long)r.ReadRelation!)], [asked.Length], device),
            Texts = _texts?.Collate([.. graphs.SelectMany(g => g.Texts!)], device),
        };
        _places?.Keep(batch, graphs);
        return batch;
    }

    // The graphs of a batch, and for each row the graph and the node in it that the row asks about.
    private (Graph[] Graphs, (int Graph, int Node)[]? Asked) Arrange(EncodedGraph[] rows)
    {
        if (Array.TrueForAll(rows, r => r.ReadNode is null))
        {
            return ([.. rows.Select(r => r.Graph)], null);
        }

        if (Array.Exists(rows, r => r.ReadNode is null))
        {
            throw Wrong("must ask about a node in every row of a batch or in none, but only some do");
        }

        if (Array.Exists(rows, r => r.ReadRelation is null != rows[0].ReadRelation is null))
        {
            throw Wrong("must ask about a relation in every row of a batch or in none, but only some do");
        }

        var graphs = new List<Graph>();
        var asked = new (int, int)[rows.Length];
        bool shares = Array.TrueForAll(rows, r => r.Delta is null); // rows that are routed differently need graphs of their own
        foreach (IGrouping<object, int> group in Enumerable.Range(0, rows.Length).GroupBy(i => shares ? (object)rows[i].Graph : i, ReferenceOrNumber.Instance))
        {
            int[] here = [.. group];
            Graph graph = rows[here[0]].Graph;
            Graph seen = is_grad_enabled() ? HiddenEdges.Without(graph, here.SelectMany(i => rows[i].HiddenEdges)) : graph;
            int[] wanted = [.. here.Select(i => rows[i].ReadNode!.Value)];
            if (graph.Sampling is { } sampling)
            {
                int[] distinct = [.. wanted.Distinct()];
                NeighbourIndex index = ReferenceEquals(seen, graph) ? _indices.GetValue(graph, g => new NeighbourIndex(g)) : new NeighbourIndex(seen);
                seen = NeighbourSampler.Sample(index, distinct, sampling.FanOuts, Seed(sampling));
                wanted = [.. wanted.Select(n => Array.IndexOf(distinct, n))];
            }

            for (int i = 0; i < here.Length; i++) { asked[here[i]] = (graphs.Count, wanted[i]); }
            graphs.Add(seen);
        }

        return ([.. graphs], asked);
    }

    // A training step draws from the generator that the trainer has seeded for it; whatever is scored is drawn alike each time.
    private static long Seed(NeighbourSampling sampling)
    {
        if (!is_grad_enabled()) { return sampling.Seed; }
        using Tensor drawn = randint(long.MaxValue, [1]);
        return drawn.item<long>();
    }

    // Every node may be the answer, so that the graph must be whole.
    private static void CheckRelation(GraphPiece piece)
    {
        if (piece.ReadRelation is { } relation)
        {
            if (relation < 0 || piece.ReadNode is null)
            {
                throw Wrong($"must ask about a node with a relation from 0 on, but asks about {(piece.ReadNode is null ? "no node" : $"relation {relation}")}");
            }

            if (piece.Graph.Sampling is not null)
            {
                throw Wrong("must be taken whole where a relation is asked about, since every node may be the answer, but is to be sampled");
            }
        }

        int edges = piece.Graph.Sources.Length;
        foreach (int edge in piece.HiddenEdges)
        {
            if ((uint)edge >= (uint)edges)
            {
                throw Wrong($"must hide edges from 0 to {edges - 1}, but hides {edge}");
            }
        }
    }

    private object Check(Graph graph)
    {
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
        if (_texts is not null)
        {
            NodeTextEncoder.Check(graph);
        }

        return graph;
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
