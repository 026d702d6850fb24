using DeltaTune.Tasks;

namespace DeltaTune.Prompts.Tests;

/// <summary>A task that asks about nodes by three relations.</summary>
internal sealed class FakeLinks : ITask
{
    public string Name => "links";

    public LabelKind Labels => LabelKind.Node;

    public IReadOnlyList<ClassInfo> Classes => [];

    public IReadOnlyList<string> RelationNames => ["r", "s", "t"];

    public IReadOnlyList<string> FieldNames => ["entity"];

    public string Metric => MetricNames.Mrr;

    public IReadOnlyList<string> Warnings => [];

    public IReadOnlyList<Example> Read(Split split) => [];
}
