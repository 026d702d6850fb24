using DeltaTune.Tasks;

namespace DeltaTune.Host.Runs;

/// <summary>A task as the parts of a run see it: its test split is shut. Only <see cref="TestSplit"/> opens that.</summary>
/// <param name="task">The task.</param>
internal sealed class TaskWithoutTest(ITask task) : ITask
{
    /// <inheritdoc/>
    public string Name => task.Name;

    /// <inheritdoc/>
    public LabelKind Labels => task.Labels;

    /// <inheritdoc/>
    public IReadOnlyList<ClassInfo> Classes => task.Classes;

    /// <inheritdoc/>
    public IReadOnlyList<string> NodeNames => task.NodeNames;

    /// <inheritdoc/>
    public IReadOnlyList<string> RelationNames => task.RelationNames;

    /// <inheritdoc/>
    public IReadOnlyList<string> FieldNames => task.FieldNames;

    /// <inheritdoc/>
    public string Metric => task.Metric;

    /// <inheritdoc/>
    public IReadOnlyList<string> Warnings => task.Warnings;

    /// <inheritdoc/>
    public IReadOnlyList<Example> Read(Split split) => split != Split.Test
        ? task.Read(split)
        : throw new InvalidOperationException($"the test split of '{task.Name}' must be read once, when a run is trained, but something asked for it before; training and choosing have 'train' and 'dev'");

    /// <inheritdoc/>
    public IReadOnlyDictionary<string, double>? Judge(IReadOnlyList<int> predicted, IReadOnlyList<int> actual) => task.Judge(predicted, actual);
}
