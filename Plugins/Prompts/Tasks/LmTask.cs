using DeltaTune.Tasks;

namespace DeltaTune.Prompts.Tasks;

/// <summary>Texts to be learned: language modelling, or answering one text with another.</summary>
internal sealed class LmTask : ITask
{
    private static readonly string[] s_endings = [".jsonl", ".jsonl.gz", ".txt", ".txt.gz"];
    private readonly LmTaskOptions _options;
    private readonly SampledSplits _splits;
    private int _short;

    /// <summary>Creates the task. Nothing is read yet.</summary>
    public LmTask(LmTaskOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        _options = options;
        Name = options.Name ?? (options.Data is string folder ? new DirectoryInfo(folder).Name : "lm");
        // The draw is by class: all examples are put into one, and taken out of it again.
        _splits = new SampledSplits(ReadFile, () => [new ClassInfo(Name, [])], options.Sampling);
    }

    /// <inheritdoc/>
    public string Name { get; }

    /// <inheritdoc/>
    public IReadOnlyList<ClassInfo> Classes => [];

    /// <inheritdoc/>
    public IReadOnlyList<string> FieldNames => [TextExamples.Field];

    /// <inheritdoc/>
    public string Metric => _options.Metric;

    /// <inheritdoc/>
    public IReadOnlyList<string> Warnings => _short == 0
        ? _splits.Warnings
        : [.. _splits.Warnings, $"{_short} texts have no more than {_options.GivenWords} words, the number that is given, and are left out."];

    /// <inheritdoc/>
    public IReadOnlyList<Example> Read(Split split) => [.. _splits.Read(split).Select(example => example with { Label = null })];

    private List<Example> ReadFile(Split split)
    {
        string path = FileOf(split);
        List<Example> examples = TextExamples.Read(path, split.ToString().ToLowerInvariant(), _options, out int tooShort);
        _short += tooShort;
        return examples.Count > 0
            ? [.. examples.Select(example => example with { Label = 0 })]
            : throw new InvalidRunException(path, $"must have a text of more than {_options.GivenWords} words, or one with a target, but has none");
    }

    private string FileOf(Split split)
    {
        string path = _options.Require(split, Name, s_endings);
        return s_endings.Any(ending => path.EndsWith(ending, StringComparison.OrdinalIgnoreCase))
            ? path
            : throw new InvalidRunException($"task '{Name}'", $"must have a {split.ToString().ToLowerInvariant()} file whose name ends in {string.Join(", ", s_endings)}, but it is '{path}'");
    }
}
