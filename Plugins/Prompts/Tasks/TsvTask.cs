using DeltaTune.Tasks;

namespace DeltaTune.Prompts.Tasks;

/// <summary>A classification task from tables of one's own.</summary>
internal sealed class TsvTask : ITask
{
    private readonly TsvTaskOptions _options;
    private readonly Lazy<IReadOnlyList<ClassInfo>> _classes;
    private readonly Lazy<IReadOnlyList<string>> _fieldNames;
    private readonly SampledSplits _splits;

    /// <summary>Creates the task. Nothing is read yet.</summary>
    public TsvTask(TsvTaskOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        _options = options;
        Name = options.Name ?? (options.Data is string folder ? new DirectoryInfo(folder).Name : "tsv");
        _classes = new(FindClasses);
        _fieldNames = new(FindFieldNames);
        _splits = new SampledSplits(s => ExampleTable.Read(FileOf(s), s, FieldNames, Classes), () => Classes, options.Sampling);
    }

    /// <inheritdoc/>
    public string Name { get; }

    /// <inheritdoc/>
    public IReadOnlyList<ClassInfo> Classes => _classes.Value;

    /// <inheritdoc/>
    public IReadOnlyList<string> FieldNames => _fieldNames.Value;

    /// <inheritdoc/>
    public string Metric => _options.Metric;

    /// <inheritdoc/>
    public IReadOnlyList<string> Warnings => _splits.Warnings;

    /// <inheritdoc/>
    public IReadOnlyList<Example> Read(Split split) => _splits.Read(split);

    private string FileOf(Split split) => _options.Require(split, Name, ".tsv.gz", ".tsv");

    // text_a, text_b, ... as many as the first file that is given has columns.
    private IReadOnlyList<string> FindFieldNames()
    {
        if (_options.Fields.Count > 0) { return _options.Fields; }
        Split given = Enum.GetValues<Split>().FirstOrDefault(s => _options.Named(s) is not null || _options.Data is not null); // train where none is
        string path = FileOf(given);
        int count = ExampleTable.CountFields(path);
        return count <= 26
            ? [.. Enumerable.Range(0, count).Select(i => $"text_{(char)('a' + i)}")]
            : throw new InvalidRunException(path, $"has {count} columns after the label; more than 26 need names by 'fields'");
    }

    private IReadOnlyList<ClassInfo> FindClasses()
    {
        if (_options.Classes.Count > 0)
        {
            return [.. _options.Classes.Select(c =>
                new ClassInfo(c.Name, c.LabelWords.Count > 0 ? c.LabelWords : [c.Name], c.Description))];
        }

        if (_options.Labels is string given) { return ClassFile.Read(given, Name); }
        string[] candidates = _options.Data is string folder
            ? [Path.Combine(folder, "labels.json"), Path.Combine(folder, "..", "labels.json")]
            : [];
        string found = candidates.FirstOrDefault(File.Exists)
            ?? throw new InvalidRunException($"task '{Name}'",
                "must have classes, but has neither 'classes' nor 'labels', and no labels.json is in its folder or above");
        return ClassFile.Read(found, Name);
    }
}
