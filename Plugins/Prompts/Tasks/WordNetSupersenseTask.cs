using DeltaTune.Tasks;

namespace DeltaTune.Prompts.Tasks;

/// <summary>Tells the kind of thing, one of 25, from a noun and its definition.</summary>
/// <remarks>
/// Source: the lexicographer files of Princeton WordNet 3.0, called supersenses by Ciaramita and Johnson 2003, "Supersense Tagging of
/// Unknown Nouns in WordNet", https://aclanthology.org/W03-1022. Differs from the paper: one synset is one example, read from its
/// definition rather than from a corpus, and no lemma is in two splits; see data/wordnet/README.md.
/// </remarks>
internal sealed class WordNetSupersenseTask : ITask
{
    private readonly Lazy<string> _folder;
    private readonly Lazy<IReadOnlyList<ClassInfo>> _classes;
    private readonly SampledSplits _splits;

    /// <summary>Creates the task. Nothing is read yet.</summary>
    public WordNetSupersenseTask(WordNetSupersenseOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        _folder = new(() => options.Data ?? DataFolder.Find("wordnet"));
        _classes = new(() => ClassFile.Read(Path.Combine(_folder.Value, "labels.json"), Name));
        _splits = new SampledSplits(Table, () => Classes, options.Sampling);
    }

    /// <inheritdoc/>
    public string Name => "wordnet-supersense";

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

    private List<Example> Table(Split split) =>
        ExampleTable.Read(FileOf(split), split, FieldNames, Classes);

    private string FileOf(Split split) => Path.Combine(_folder.Value, $"supersense.{split.ToString().ToLowerInvariant()}.tsv.gz");
}
