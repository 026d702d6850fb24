using System.ComponentModel.DataAnnotations;
using DeltaTune.Options;

namespace DeltaTune.Prompts.Templates;

/// <summary>Settings of the <c>prefix</c> template.</summary>
public sealed record PrefixTemplateOptions : IValidatableObject
{
    /// <summary>Gets the template, in OpenPrompt's language, without soft pieces.</summary>
    /// <value>The default, null, is every field of the task and then a mask.</value>
    public string? Text { get; init; }

    /// <summary>Gets a file with a template a line, instead of <see cref="Text"/>.</summary>
    /// <value>A path. The default is null.</value>
    [PathOption]
    public string? File { get; init; }

    /// <summary>Gets which template of <see cref="File"/> is taken.</summary>
    /// <value>From 0, the default.</value>
    [Range(0, int.MaxValue)]
    public int Choice { get; init; }

    /// <summary>Gets how many keys and values go before each attention's own, in virtual tokens.</summary>
    /// <value>1 or more. The default is 5, as OpenPrompt's <c>num_token</c>.</value>
    [Range(1, int.MaxValue)]
    public int PrefixLength { get; init; } = 5;

    /// <summary>Gets the size between the two maps that make keys and values.</summary>
    /// <value>1 or more. The default is 512, as OpenPrompt's <c>mid_dim</c>.</value>
    [Range(1, int.MaxValue)]
    public int MiddleSize { get; init; } = 512;

    /// <summary>Gets the probability of dropping a number of the prefix in training.</summary>
    /// <value>From 0 to below 1. The default is 0, as OpenPrompt's <c>prefix_dropout</c>.</value>
    [Range(0, 1.0, MaximumIsExclusive = true)]
    public double Dropout { get; init; }

    /// <summary>Gets whether an encoder's attentions have a prefix; nothing in a network without one.</summary>
    /// <value>The default is true, as OpenPrompt's <c>using_encoder_past_key_values</c>.</value>
    public bool Encoder { get; init; } = true;

    /// <summary>Gets whether a decoder's attentions have a prefix; nothing in a network without one.</summary>
    /// <value>The default is true, as OpenPrompt's <c>using_decoder_past_key_values</c>.</value>
    public bool Decoder { get; init; } = true;

    /// <inheritdoc/>
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        foreach (ValidationResult wrong in TemplateOptionRules.OneSource(Text, File))
        {
            yield return wrong;
        }

        if (!Encoder && !Decoder)
        {
            yield return new ValidationResult("must be true where encoder is false, since a prefix has to stand somewhere", [nameof(Decoder)]);
        }
    }
}
