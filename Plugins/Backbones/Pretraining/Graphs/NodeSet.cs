using System.Security.Cryptography;
using DeltaTune.Backbones.Graphs;
using DeltaTune.Batches;
using DeltaTune.Tasks;

namespace DeltaTune.Backbones.Pretraining.Graphs;

/// <summary>The nodes of one graph, each with the part of the graph around it. Nothing of classes is read.</summary>
internal sealed class NodeSet : GraphSet
{
    private readonly NeighbourIndex _index;
    private readonly Graph _asked; // the whole, with how much of it a batch takes

    private NodeSet(string key, Graph graph, GraphPretrainingOptions options)
        : base(key)
    {
        _index = new NeighbourIndex(graph);
        _asked = options.FanOuts.Count == 0 ? graph : graph with { Sampling = new NeighbourSampling(options.FanOuts) };
        Graphs = new NodeParts(_index, options.Hops, options.PartNodes);
    }

    /// <inheritdoc/>
    public override IReadOnlyList<Graph> Graphs { get; }

    /// <inheritdoc/>
    public override string Items => "nodes";

    /// <inheritdoc/>
    public override string Contents => FormattableString.Invariant($"{_asked.NodeCount:N0} nodes with {_asked.Nodes.Width:N0} features, {_asked.Sources.Length:N0} edges, each way counted");

    /// <inheritdoc/>
    public override int? Features => _asked.Nodes.Width;

    /// <summary>Reads the graph of a folder.</summary>
    /// <exception cref="InvalidRunException">A file is missing or a line is wrong.</exception>
    public static NodeSet Read(GraphPretrainingOptions options)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (string name in NodeGraphFile.Names)
        {
            hash.AppendData(File.ReadAllBytes(NodeGraphFile.Find(options.Data, name)));
        }

        return new NodeSet(Convert.ToHexStringLower(hash.GetHashAndReset()), NodeGraphFile.Read(options.Data, options.Normalise), options);
    }

    /// <inheritdoc/>
    public override NodeLinks Links(IReadOnlyList<int> items, int negatives, SplitMix64 random)
    {
        var places = new Dictionary<int, long>();
        var rows = new List<EncodedGraph>();
        List<long> firsts = [], linked = [], unlinked = [];
        foreach (int node in items)
        {
            int[] near = Neighbours(node);
            if (near.Length == 0) { continue; }
            int other = near[random.Next(near.Length)];
            var known = new HashSet<int>(near) { node };
            if (Others(_asked.NodeCount, negatives, known.Contains, random) is { } others)
            {
                firsts.Add(Place(node));
                linked.Add(Place(other));
                unlinked.AddRange(others.Select(Place));
            }
        }

        if (rows.Count == 0) { Place(items[0]); } // there must be something to run
        return new NodeLinks(rows, [.. firsts], [.. linked], [.. unlinked]);

        long Place(int node)
        {
            if (places.TryAdd(node, rows.Count)) { rows.Add(new EncodedGraph(_asked, node)); }
            return places[node];
        }
    }

    private int[] Neighbours(int node)
    {
        ReadOnlySpan<int> edges = _index.To(node);
        var near = new List<int>();
        foreach (int edge in edges)
        {
            if (_asked.Sources[edge] != node) { near.Add(_asked.Sources[edge]); }
        }

        return [.. near];
    }
}
