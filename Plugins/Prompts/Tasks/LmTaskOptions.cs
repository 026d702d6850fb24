using System.ComponentModel.DataAnnotations;
using DeltaTune.Tasks;

namespace DeltaTune.Prompts.Tasks;

/// <summary>Settings of the <c>lm</c> task: texts to be learned, in lines of a text file, or with what they answer in a file of JSON lines.</summary>
/// <remarks>
/// Files' names end in <c>.jsonl</c> or <c>.txt</c>, and <c>.gz</c> besides where they are packed. The field
/// <c>text_a</c> has what is given, the mask of the template takes what is to be learned: <c>{"placeholder": "text_a"} {"mask"}</c>.
/// </remarks>
public sealed record LmTaskOptions : SplitFileOptions, IValidatableObject
{
    /// <summary>Gets the name of the task in reports.</summary>
    /// <value>The default, null, is the name of <see cref="SplitFileOptions.Data"/>, or <c>lm</c>.</value>
    public string? Name { get; init; }

    /// <summary>Gets the member of a JSON line that has the text.</summary>
    /// <value>The default is <c>text</c>.</value>
    [Required]
    public string TextMember { get; init; } = "text";

    /// <summary>Gets the member of a JSON line that has the text to be learned after it. A line without it is a text of which the end is learned.</summary>
    /// <value>The default is <c>target</c>.</value>
    [Required]
    public string TargetMember { get; init; } = "target";

    /// <summary>Gets how many words at the beginning of a text without a target are given; the others are learned.</summary>
    /// <value>1 or more. The default is 1, of our own, since the first word of a text can be learned only where something stands before it.</value>
    [Range(1, int.MaxValue)]
    public int GivenWords { get; init; } = 1;

    /// <summary>Gets the most words of an example made of a text without a target; a longer text gives several examples.</summary>
    /// <value>2 or more. The default is 64, of our own: about half of the usual longest row in tokens.</value>
    [Range(2, int.MaxValue)]
    public int MaxWords { get; init; } = 64;

    /// <summary>Gets the metric that chooses checkpoints.</summary>
    /// <value>The default is <c>perplexity</c>, which needs nothing to be generated.</value>
    [AllowedValues(MetricNames.Perplexity, MetricNames.ExactMatch, MetricNames.Bleu, MetricNames.RougeL)]
    public string Metric { get; init; } = MetricNames.Perplexity;

    /// <summary>Gets how many examples are used. There are no classes, so shots count for the whole.</summary>
    /// <value>The default takes all.</value>
    public SamplingOptions Sampling { get; init; } = new();

    /// <inheritdoc/>
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (IsEmpty)
        {
            yield return new ValidationResult("must be given, a folder with train, dev and test files (.txt or .jsonl), or else the files by train, dev and test", [nameof(Data)]);
        }

        if (GivenWords >= MaxWords)
        {
            yield return new ValidationResult($"must be below max_words, {MaxWords}, so that something is left to learn, but is {GivenWords}", [nameof(GivenWords)]);
        }
    }
}
