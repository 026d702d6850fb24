using DeltaTune.Tasks;

namespace DeltaTune.Prompts.Tasks;

/// <summary>Tells the type of a mention from its sentence.</summary>
/// <remarks>
/// Source: Ding et al. 2021, "Prompt-Learning for Fine-Grained Entity Typing", https://arxiv.org/abs/2108.10604; label words of a type are the words of its
/// name, the finest first (§3.2). One mention is one example: fields <c>text_a</c>, the sentence, and <c>entity</c>, which is a meta entry too.
/// Metrics: <see cref="LooseTypeMetrics"/>.
/// </remarks>
internal sealed class EntityTypingTask : ITask
{
    private const string Text = "text_a", Entity = "entity";
    private static readonly string[] s_endings = [".tsv.gz", ".tsv", ".txt"];
    private readonly EntityTypingOptions _options;
    private readonly Lazy<IReadOnlyList<ClassInfo>> _classes;
    private readonly Dictionary<string, List<Mention>> _files = [];
    private readonly SampledSplits _splits;

    /// <summary>Creates the task. Nothing is read yet.</summary>
    public EntityTypingTask(EntityTypingOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        _options = options;
        Name = options.Name ?? (options.Data is string folder ? new DirectoryInfo(folder).Name : "entity-typing");
        _classes = new(FindClasses);
        _splits = new SampledSplits(ReadFile, () => Classes, options.Sampling);
    }

    /// <inheritdoc/>
    public string Name { get; }

    /// <inheritdoc/>
    public IReadOnlyList<ClassInfo> Classes => _classes.Value;

    /// <inheritdoc/>
    public IReadOnlyList<string> FieldNames { get; } = [Text, Entity];

    /// <inheritdoc/>
    public string Metric => _options.Metric;

    /// <inheritdoc/>
    public IReadOnlyList<string> Warnings => _splits.Warnings;

    /// <inheritdoc/>
    public IReadOnlyList<Example> Read(Split split) => _splits.Read(split);

    /// <inheritdoc/>
    public IReadOnlyDictionary<string, double> Judge(IReadOnlyList<int> predicted, IReadOnlyList<int> actual)
        => LooseTypeMetrics.Of([.. Classes.Select(c => Path(c.Name))], predicted, actual);

    // The type and all that it lies under: person-actor is a person too.
    private string[] Path(string type)
    {
        string[] parts = type.Split(_options.Separator);
        return [.. parts.Select((_, i) => string.Join(_options.Separator, parts[..(i + 1)])).Where(p => p.Length > 0)];
    }

    private Example[] ReadFile(Split split)
    {
        if (FileOf(split) is not { } path) { return []; }
        string prefix = split.ToString().ToLowerInvariant();
        Dictionary<string, int> labels = Classes.Select((c, i) => (c.Name, i)).ToDictionary(c => c.Name, c => c.i);
        List<Mention> mentions = Mentions(path);
        if (split == Split.Train && _options.Labels == EntityLabels.Entities) { return Entities(mentions, prefix); }
        return [.. mentions.Select(m => Of(m, prefix, m.Words) with
        {
            Label = labels.TryGetValue(m.Type, out int label)
                ? label
                : throw new InvalidRunException($"{path}, line {m.Line}", $"must be tagged with one of the {labels.Count} types of the task, but is '{m.Type}'"),
        })];
    }

    // Mentions of the same words are taken for the same entity.
    private Example[] Entities(List<Mention> mentions, string prefix)
    {
        var random = new SplitMix64(((ulong)(uint)_options.Sampling.Seed << 32) | 1);
        return [.. mentions.GroupBy(m => m.Words.ToLowerInvariant()).Where(g => g.Count() > 1).SelectMany(g => g)
            .Select(m => Of(m, prefix, random.NextDouble() < _options.Hidden ? _options.HiddenWord : m.Words) with { Group = m.Words.ToLowerInvariant() })];
    }

    private static Example Of(Mention mention, string prefix, string words)
    {
        var fields = new Dictionary<string, string> { [Text] = mention.Sentence(words), [Entity] = words };
        return new Example { Id = $"{prefix}-{mention.Line}", Fields = fields, Meta = fields };
    }

    private List<Mention> Mentions(string path)
    {
        if (!_files.TryGetValue(path, out List<Mention>? mentions))
        {
            _files[path] = mentions = TaggedFile.Read(path);
        }

        return mentions;
    }

    private string? FileOf(Split split) => _options.Find(split, s_endings);

    private ClassInfo[] FindClasses() => _options.Classes.Count > 0
        ? [.. _options.Classes.Select(c => new ClassInfo(c.Name, c.LabelWords.Count > 0 ? c.LabelWords : Words(c.Name), c.Description))]
        : [.. Files().SelectMany(Mentions).Select(m => m.Type).Distinct().Order(StringComparer.Ordinal).Select(name => new ClassInfo(name, Words(name)))];

    // Those that are named, or those that the folder has.
    private IEnumerable<string> Files() => _options.Data is string folder
        ? Enum.GetValues<Split>().SelectMany(s => s_endings.Select(e => System.IO.Path.Combine(folder, s.ToString().ToLowerInvariant() + e)).Where(File.Exists).Take(1))
            .Concat(new[] { _options.Train, _options.Dev, _options.Test }.OfType<string>()).Distinct()
        : new[] { _options.Train, _options.Dev, _options.Test }.OfType<string>().Distinct();

    // person-artist/author: artist, author, person. 'other' says nothing where there is another word.
    private string[] Words(string type)
    {
        string[] words = [.. type.ToLowerInvariant().Split(_options.Separator).Reverse().SelectMany(p => p.Split(['/', '_', ' '], StringSplitOptions.RemoveEmptyEntries)).Distinct()];
        string[] telling = [.. words.Where(w => w != "other")];
        return telling.Length > 0 ? telling : words;
    }
}
