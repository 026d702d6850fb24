using DeltaTune.Tasks;

namespace DeltaTune.Prompts.Tests;

internal sealed class FakeTask(IReadOnlyList<string> fields, IReadOnlyList<ClassInfo> classes) : ITask
{
    public string Name => "fake";

    public IReadOnlyList<ClassInfo> Classes => classes;

    public IReadOnlyList<string> FieldNames => fields;

    public string Metric => MetricNames.Accuracy;

    public IReadOnlyList<string> Warnings => [];

    public IReadOnlyList<Example> Read(Split split) => [];

    public static FakeTask Sentiment(params string[] fields)
        => new(fields.Length == 0 ? ["text_a", "text_b"] : fields, [new("negative", ["bad"]), new("positive", ["good", "great"])]);
}
