namespace DeltaTune.Prompts.Templates.Language;

/// <summary>One token between braces.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Start">Where it starts in the template, from 0.</param>
/// <param name="Value">A text without its quotes, or the token as it stands.</param>
internal readonly record struct TemplateToken(TemplateTokenKind Kind, int Start, string Value)
{
    /// <summary>The token for a message.</summary>
    public override string ToString() => Kind switch
    {
        TemplateTokenKind.End => "the end of the template",
        TemplateTokenKind.Text => $"the text \"{Value}\"",
        _ => $"'{Value}'",
    };
}
