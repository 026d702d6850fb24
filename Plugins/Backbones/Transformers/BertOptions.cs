using System.ComponentModel.DataAnnotations;
using DeltaTune.Options;

namespace DeltaTune.Backbones.Transformers;

/// <summary>Settings of the <c>bert</c> backbone.</summary>
public sealed record BertOptions : IValidatableObject
{
    /// <summary>Gets a Hugging Face folder: <c>config.json</c> with weights and, for prompts, the tokenizer's files.</summary>
    /// <value>There is no default.</value>
    [PathOption]
    [Required]
    public string Path { get; init; } = "";

    /// <summary>Gets the seed of an untrained network, to compare with: the folder gives sizes and tokenizer, and its weights, if it has any, are not read.</summary>
    /// <value>0 or more. The default, null, reads the weights.</value>
    [Range(0, long.MaxValue)]
    public long? Seed { get; init; }

    /// <summary>Gets the number of layers of an untrained network.</summary>
    /// <value>1 or more. The default is the folder's.</value>
    [Range(1, 1000)]
    public int? Layers { get; init; }

    /// <summary>Gets the size of a state of an untrained network, in features.</summary>
    /// <value>1 or more, a multiple of the number of heads. The default is the folder's.</value>
    [Range(1, 65536)]
    public int? HiddenSize { get; init; }

    /// <summary>Gets the number of attention heads of an untrained network.</summary>
    /// <value>1 or more. The default is the folder's.</value>
    [Range(1, 65536)]
    public int? Heads { get; init; }

    /// <summary>Gets the size between the two maps of a feed-forward part of an untrained network, in features.</summary>
    /// <value>1 or more. The default is the folder's; four times <see cref="HiddenSize"/> where that is given, as in Devlin et al. 2019, §3.</value>
    [Range(1, 262144)]
    public int? IntermediateSize { get; init; }

    /// <inheritdoc/>
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        (string Name, int? Value)[] sizes = [(nameof(Layers), Layers), (nameof(HiddenSize), HiddenSize), (nameof(Heads), Heads), (nameof(IntermediateSize), IntermediateSize)];
        return Seed is not null ? [] : sizes.Where(s => s.Value is not null).Select(s => new ValidationResult(
            $"must be given with a seed alone, for an untrained network, since a checkpoint has sizes of its own, but is {s.Value}", [s.Name]));
    }
}
