namespace DeltaTune.Prompts.Templates.Language;

/// <summary>Text of the template itself: a literal run, or <c>{"text": "..."}</c>.</summary>
internal sealed record TextNode(string Text, string Prefix, bool Shortenable = false) : TemplateNode(Prefix);
