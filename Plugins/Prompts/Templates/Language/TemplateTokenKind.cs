namespace DeltaTune.Prompts.Templates.Language;

/// <summary>What the lexer finds between braces.</summary>
internal enum TemplateTokenKind
{
    Text,
    Number,
    Word,
    Colon,
    Comma,
    Close,
    Other,
    End,
}
