using System.ComponentModel.DataAnnotations;
using DeltaTune.Tasks;

namespace DeltaTune.Prompts.Tasks;

/// <summary>Settings of the <c>entity-typing</c> task: files with a token and its tag a line, an empty line between sentences.</summary>
/// <remarks>Files in the folder <see cref="SplitFileOptions.Data"/> end in <c>.tsv.gz</c>, <c>.tsv</c> or <c>.txt</c>; a split without a folder or file has no examples.</remarks>
public sealed record EntityTypingOptions : SplitFileOptions, IValidatableObject
{
    /// <summary>Gets the name of the task in reports.</summary>
    /// <value>The default, null, is the name of <see cref="SplitFileOptions.Data"/>, or <c>entity-typing</c>.</value>
    public string? Name { get; init; }

    /// <summary>Gets the types in the order of their numbers.</summary>
    /// <value>The default, none, takes the types of all files that are given, in the order of the alphabet.</value>
    public IReadOnlyList<ClassOptions> Classes { get; init; } = [];

    /// <summary>Gets what stands between a coarse type's name and the finer one's: the coarse types of <c>person-actor</c> are <c>person</c> alone.</summary>
    /// <value>Not empty. The default is <c>-</c>, as in Few-NERD.</value>
    [MinLength(1)]
    public string Separator { get; init; } = "-";

    /// <summary>Gets what the training examples tell: their types, or which of them mention the same entity, for a verbalizer that is trained on that alone.</summary>
    /// <value>The default is <see cref="EntityLabels.Types"/>.</value>
    public EntityLabels Labels { get; init; } = EntityLabels.Types;

    /// <summary>Gets the part of the training mentions that is hidden, in sentence and prompt, where <see cref="Labels"/> is <c>entities</c>, so that the entity's own words do not tell which it is.</summary>
    /// <value>A probability from 0 to 1, drawn once a mention. The default is 0.4, as the α of Ding et al. 2021, §4.2.</value>
    [Range(0.0, 1.0)]
    public double Hidden { get; init; } = 0.4;

    /// <summary>Gets the words that stand for a hidden mention.</summary>
    /// <value>Not empty. The default is <c>something</c>; the paper adds a token of its own to the vocabulary.</value>
    [MinLength(1)]
    public string HiddenWord { get; init; } = "something";

    /// <summary>Gets the metric that chooses checkpoints; all three are reported.</summary>
    /// <value>The default is <c>accuracy</c>: a type is right as a whole.</value>
    [AllowedValues(MetricNames.Accuracy, MetricNames.LooseMicroF1, MetricNames.LooseMacroF1)]
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

        if (Labels == EntityLabels.Entities && (Sampling.Shots > 0 || Sampling.DevShots > 0))
        {
            yield return new ValidationResult("must be empty where 'labels' is 'entities': without types there are no classes to draw from", [nameof(Sampling)]);
        }

        foreach (string name in Classes.GroupBy(c => c.Name).Where(g => g.Count() > 1).Select(g => g.Key))
        {
            yield return new ValidationResult($"must have different names, but '{name}' comes more than once", [nameof(Classes)]);
        }
    }
}
