using DeltaTune.Batches;
using DeltaTune.Tasks;

namespace DeltaTune.Prompts.Tasks;

/// <summary>Tells the kind of thing, one of 25, from a noun, its definition, and the nouns that it is tied to.</summary>
/// <remarks>
/// The examples of <c>wordnet-supersense</c>, as nodes of one graph: edges are WordNet's relations between noun synsets, there and back, and a node says
/// <c>lemma: definition</c>. A node's neighbours tell much, since a kind of animal is an animal: that is what the graph is for; their classes are not given. An
/// edge's one feature is its relation: 0 to 4 for hypernym, instance hypernym, and holonym by membership, substance and part; 5 to 9 for the ways back.
/// </remarks>
internal sealed class WordNetGraphTask : ITask
{
    private readonly Lazy<string> _folder;
    private readonly Lazy<IReadOnlyList<ClassInfo>> _classes;
    private readonly Lazy<Dictionary<Split, List<Example>>> _examples;
    private readonly SampledSplits _splits;

    /// <summary>Creates the task. Nothing is read yet.</summary>
    /// <param name="options">Its settings.</param>
    public WordNetGraphTask(WordNetGraphOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        _folder = new(() => options.Data ?? DataFolder.Find("wordnet"));
        _classes = new(() => ClassFile.Read(Path.Combine(_folder.Value, "labels.json"), Name));
        _examples = new(() => Join(options.FanOuts.Count == 0 ? null : new NeighbourSampling(options.FanOuts)));
        _splits = new SampledSplits(split => _examples.Value[split], () => Classes, options.Sampling);
    }

    /// <inheritdoc/>
    public string Name => "wordnet-graph";

    /// <inheritdoc/>
    public IReadOnlyList<ClassInfo> Classes => _classes.Value;

    /// <inheritdoc/>
    public IReadOnlyList<string> FieldNames { get; } = ["lemma", "gloss"];

    /// <inheritdoc/>
    public string Metric => MetricNames.Accuracy;

    /// <inheritdoc/>
    public IReadOnlyList<string> Warnings => _splits.Warnings;

    /// <inheritdoc/>
    public IReadOnlyList<Example> Read(Split split) => _splits.Read(split);

    // The rows of the tables are the first nodes, in this order.
    private Dictionary<Split, List<Example>> Join(NeighbourSampling? sampling)
    {
        Dictionary<Split, List<Example>> tables = ((Split[])[Split.Train, Split.Dev, Split.Test]).ToDictionary(split => split, split =>
            ExampleTable.Read(Path.Combine(_folder.Value, $"supersense.{split.ToString().ToLowerInvariant()}.tsv.gz"), split, FieldNames, Classes));
        Graph graph = RelationGraph.Read(Path.Combine(_folder.Value, "graph.tsv.gz"), [.. tables.Values.SelectMany(t => t).Select(e => $"{e.Fields["lemma"]}: {e.Fields["gloss"]}")]) with { Sampling = sampling };
        int node = 0;
        return tables.ToDictionary(t => t.Key, t => t.Value.ConvertAll(example => example with { Graph = graph, ReadNode = node++ }));
    }
}
