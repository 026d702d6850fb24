using System.Globalization;
using DeltaTune.Batches;
using DeltaTune.Tasks;

namespace DeltaTune.Prompts.Tasks;

/// <summary>Tells the classes of a graph's nodes. Every example has the same graph, and asks about another node of it.</summary>
/// <remarks>Source: Yang et al. 2016, "Revisiting Semi-Supervised Learning with Graph Embeddings", https://arxiv.org/abs/1603.08861, whose split is the public one of Cora and Citeseer.</remarks>
internal sealed class NodesTask : ITask
{
    private readonly NodesTaskOptions _options;
    private readonly Lazy<NodeTable> _table;
    private readonly SampledSplits _splits;
    private Graph? _graph; // one object, so that a batch takes it once

    /// <summary>Creates the task. Nothing is read yet.</summary>
    /// <param name="options">Its settings.</param>
    public NodesTask(NodesTaskOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        _options = options;
        Name = options.Name ?? new DirectoryInfo(options.Data ?? "nodes").Name;
        _table = new(() => NodeTable.Read(options.Data!, options.Features, options.Normalise));
        _splits = new SampledSplits(Examples, () => Classes, options.Sampling);
    }

    /// <inheritdoc/>
    public string Name { get; }

    /// <inheritdoc/>
    public IReadOnlyList<ClassInfo> Classes => _table.Value.Classes;

    /// <inheritdoc/>
    public IReadOnlyList<string> FieldNames => _options.Data is { } folder && NodeTable.TextFile(folder) is not null ? ["node", "text"] : ["node"];

    /// <inheritdoc/>
    public string Metric => _options.Metric;

    /// <inheritdoc/>
    public IReadOnlyList<string> Warnings => _splits.Warnings;

    /// <inheritdoc/>
    public IReadOnlyList<Example> Read(Split split) => _splits.Read(split);

    private List<Example> Examples(Split split)
    {
        Graph graph = _graph ??= _options.FanOuts.Count == 0
            ? _table.Value.Graph
            : _table.Value.Graph with { Sampling = new NeighbourSampling(_options.FanOuts) };
        return [.. _table.Value.Nodes(split).Select(node => new Example
        {
            Id = string.Create(CultureInfo.InvariantCulture, $"{split.ToString().ToLowerInvariant()}-{node.Node}"),
            Fields = Fields(node.Node, graph),
            Label = node.Class,
            Graph = graph,
            ReadNode = node.Node,
        })];
    }

    private static Dictionary<string, string> Fields(int node, Graph graph)
    {
        var fields = new Dictionary<string, string> { ["node"] = node.ToString(CultureInfo.InvariantCulture) };
        if (graph.Texts is { } texts) { fields["text"] = texts[node]; }
        return fields;
    }
}
