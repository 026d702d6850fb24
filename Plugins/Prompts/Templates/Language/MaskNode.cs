namespace DeltaTune.Prompts.Templates.Language;

/// <summary>A position to predict at: <c>{"mask"}</c>.</summary>
internal sealed record MaskNode(string Prefix) : TemplateNode(Prefix);
