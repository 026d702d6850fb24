using System.ComponentModel.DataAnnotations;
using DeltaTune.Options;

namespace DeltaTune.Prompts.Templates;

/// <summary>Settings of the <c>soft</c> template.</summary>
public sealed record SoftTemplateOptions : IValidatableObject
{
    /// <summary>Gets the template after the soft prompt, in OpenPrompt's language, without soft pieces.</summary>
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

    /// <summary>Gets the length of the prompt, in virtual tokens.</summary>
    /// <value>1 or more. The default is 20, as in OpenPrompt's SoftTemplate. They come on top of the encoding's longest row.</value>
    [Range(1, int.MaxValue)]
    public int PromptLength { get; init; } = 20;

    /// <summary>Gets what the prompt starts as.</summary>
    /// <value>The default is <see cref="SoftStart.Vocabulary"/> (Lester et al. 2021, §3.2).</value>
    public SoftStart Start { get; init; } = SoftStart.Vocabulary;

    /// <summary>Gets the bound of <see cref="SoftStart.Uniform"/>: numbers are drawn from -range to range.</summary>
    /// <value>Above 0, no unit. The default is 0.5, as in OpenPrompt's SoftTemplate and in Lester et al. 2021, §3.2.</value>
    [Range(0, double.MaxValue, MinimumIsExclusive = true)]
    public double RandomRange { get; init; } = 0.5;

    /// <inheritdoc/>
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext) => TemplateOptionRules.OneSource(Text, File);
}
