using System.ComponentModel.DataAnnotations;

namespace DeltaTune.Prompts.Templates;

/// <summary>Rules that the options of all text templates share.</summary>
internal static class TemplateOptionRules
{
    /// <summary>A template comes from one place.</summary>
    public static IEnumerable<ValidationResult> OneSource(string? text, string? file)
        => text is not null && file is not null
            ? [new ValidationResult("must be left out where text is given, since a template comes from one place", ["File"])]
            : [];
}
