using System.ComponentModel.DataAnnotations;
using DeltaTune.Options;
using DeltaTune.Tasks;

namespace DeltaTune.Prompts.Tasks;

/// <summary>Settings of the <c>tsv</c> task: tables of label, text and perhaps more texts, without a header.</summary>
/// <remarks>Files in the folder <see cref="SplitFileOptions.Data"/> end in <c>.tsv.gz</c> or <c>.tsv</c>.</remarks>
public sealed record TsvTaskOptions : SplitFileOptions, IValidatableObject
{
    /// <summary>Gets the name of the task in reports, and in a <c>labels.json</c> that holds several tasks.</summary>
    /// <value>The default, null, is the name of <see cref="SplitFileOptions.Data"/>, or <c>tsv</c>.</value>
    public string? Name { get; init; }

    /// <summary>Gets the names of the columns after the label.</summary>
    /// <value>The default, none, calls them <c>text_a</c>, <c>text_b</c>, ... as many as the first line has.</value>
    public IReadOnlyList<string> Fields { get; init; } = [];

    /// <summary>Gets the classes in the order of their numbers.</summary>
    /// <value>The default, none, reads <see cref="Labels"/>.</value>
    public IReadOnlyList<ClassOptions> Classes { get; init; } = [];

    /// <summary>Gets a JSON file with the classes: a list of names or of objects with <c>name</c>, <c>label_words</c> and
    /// <c>description</c>, or an object
    /// that has such a list under the task's name.</summary>
    /// <value>The default, null, looks for <c>labels.json</c> in <see cref="SplitFileOptions.Data"/> and in the folder above.</value>
    [PathOption(MayBeMissing = true)]
    public string? Labels { get; init; }

    /// <summary>Gets the metric that chooses checkpoints.</summary>
    /// <value>The default is <c>accuracy</c>.</value>
    [AllowedValues(
        MetricNames.Accuracy, MetricNames.MicroF1, MetricNames.MacroF1, MetricNames.Precision, MetricNames.Recall, MetricNames.Matthews)]
    public string Metric { get; init; } = MetricNames.Accuracy;

    /// <summary>Gets how many examples are used.</summary>
    /// <value>The default takes all.</value>
    public SamplingOptions Sampling { get; init; } = new();

    /// <inheritdoc/>
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (IsEmpty)
        {
            yield return new ValidationResult(
                "must be given, a folder with train.tsv, dev.tsv and test.tsv, or else the files by train, dev and test", [nameof(Data)]);
        }

        if (Data is null && Classes.Count == 0 && Labels is null)
        {
            yield return new ValidationResult(
                "must be given, in the order of the numbers in the table, or else a file by labels", [nameof(Classes)]);
        }

        foreach (string name in Classes.GroupBy(c => c.Name).Where(g => g.Count() > 1).Select(g => g.Key))
        {
            yield return new ValidationResult($"must have different names, but '{name}' comes more than once", [nameof(Classes)]);
        }

        foreach (string name in Fields.GroupBy(f => f).Where(g => g.Count() > 1).Select(g => g.Key))
        {
            yield return new ValidationResult($"must have different names, but '{name}' comes more than once", [nameof(Fields)]);
        }
    }
}
