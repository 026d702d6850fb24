using System.Globalization;
using DeltaTune.Batches;
using DeltaTune.Tasks;

namespace DeltaTune.Prompts.Tasks;

/// <summary>Asks where a relation leads to in a knowledge graph: of a triple once for its tail, by the relation, and once for its head, by the inverse one.</summary>
/// <remarks>
/// Sources: Dettmers et al. 2018, "Convolutional 2D Knowledge Graph Embeddings", https://arxiv.org/abs/1707.01476, for WN18RR; Lacroix et al. 2018, "Canonical Tensor Decomposition
/// for Knowledge Base Completion", §3.4, https://arxiv.org/abs/1806.07297, for inverse relations of their own. Entities that only dev or test names are nodes without edges.
/// </remarks>
internal sealed class LinksTask : ITask
{
    private readonly LinksTaskOptions _options;
    private readonly Lazy<TripleTable> _table;
    private readonly Lazy<LinkIndex> _index;
    private readonly Lazy<Graph> _graph; // one object, so that a batch takes it once
    private readonly Dictionary<Split, IReadOnlyList<Example>> _splits = [];

    /// <summary>Creates the task. Nothing is read yet.</summary>
    /// <param name="options">Its settings.</param>
    public LinksTask(LinksTaskOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        _options = options;
        Name = options.Name ?? new DirectoryInfo(options.Data ?? "links").Name;
        _table = new(() => TripleTable.Read(options.Data!));
        _index = new(() => new LinkIndex(_table.Value));
        _graph = new(() => _options.Edges ? _table.Value.TrainingGraph() : _table.Value.EntityGraph());
    }

    /// <inheritdoc/>
    public string Name { get; }

    /// <inheritdoc/>
    public LabelKind Labels => LabelKind.Node;

    /// <inheritdoc/>
    public IReadOnlyList<ClassInfo> Classes => [];

    /// <inheritdoc/>
    public IReadOnlyList<string> NodeNames => _table.Value.Entities;

    /// <inheritdoc/>
    public IReadOnlyList<string> RelationNames => [.. _table.Value.Relations, .. _table.Value.Relations.Select(r => r + " (inverse)")];

    /// <inheritdoc/>
    public IReadOnlyList<string> FieldNames { get; } = ["entity", "relation"];

    /// <inheritdoc/>
    public string Metric => _options.Metric;

    /// <inheritdoc/>
    public IReadOnlyList<string> Warnings => [];

    /// <inheritdoc/>
    public IReadOnlyList<Example> Read(Split split)
    {
        if (!_splits.TryGetValue(split, out IReadOnlyList<Example>? examples))
        {
            _splits.Add(split, examples = Examples(split));
        }

        return examples;
    }

    private List<Example> Examples(Split split)
    {
        IReadOnlyList<(int Head, int Relation, int Tail)> triples = _table.Value.Of(split);
        int relations = _table.Value.Relations.Count;
        IReadOnlyList<string> names = RelationNames;
        var examples = new List<Example>();
        foreach (int number in Chosen(split, triples.Count))
        {
            (int head, int relation, int tail) = triples[number];
            IReadOnlyList<int> hidden = split == Split.Train && _options is { Hide: true, Edges: true } ? _index.Value.Edges(head, relation, tail) : [];
            examples.Add(Question("tail", head, relation, tail));
            examples.Add(Question("head", tail, relation + relations, head));

            Example Question(string asked, int from, int by, int answer) => new()
            {
                Id = string.Create(CultureInfo.InvariantCulture, $"{split.ToString().ToLowerInvariant()}-{number + 1}-{asked}"),
                Fields = new Dictionary<string, string> { ["entity"] = NodeNames[from], ["relation"] = names[by] },
                Label = answer,
                Known = _index.Value.Answers(from, by),
                Graph = _graph.Value,
                ReadNode = from,
                ReadRelation = by,
                HiddenEdges = hidden,
            };
        }

        return examples;
    }

    // The numbers of the triples asked about, in the file's order.
    private int[] Chosen(Split split, int count)
    {
        int most = split switch { Split.Train => _options.Sampling.Train, Split.Dev => _options.Sampling.Dev, _ => 0 };
        int[] all = [.. Enumerable.Range(0, count)];
        if (most == 0 || most >= count)
        {
            return all;
        }

        new SplitMix64((ulong)_options.Sampling.Seed ^ new SplitMix64((ulong)split + 1).Next()).Shuffle(all);
        return [.. all.Take(most).Order()];
    }
}
