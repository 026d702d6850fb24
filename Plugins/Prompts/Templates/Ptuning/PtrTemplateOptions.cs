using System.ComponentModel.DataAnnotations;
using DeltaTune.Options;

namespace DeltaTune.Prompts.Templates;

/// <summary>Settings of the <c>ptr</c> template.</summary>
public sealed record PtrTemplateOptions : IValidatableObject
{
    /// <summary>Gets the template in OpenPrompt's language, with a mask for each sub-prompt and soft pieces without text: <c>{"placeholder": "text_a"} {"soft"} the {"mask"} {"soft"} {"mask"}</c>.</summary>
    /// <value>Needed, unless <see cref="File"/> is given.</value>
    public string? Text { get; init; }

    /// <summary>Gets a file with a template a line, instead of <see cref="Text"/>.</summary>
    /// <value>A path. The default is null.</value>
    [PathOption]
    public string? File { get; init; }

    /// <summary>Gets which template of <see cref="File"/> is taken.</summary>
    /// <value>From 0, the default.</value>
    [Range(0, int.MaxValue)]
    public int Choice { get; init; }

    /// <inheritdoc/>
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext) => TemplateOptionRules.OneSource(Text, File);
}
