namespace DeltaTune.Prompts.Templates.Language;

/// <summary>A field of the example: <c>{"placeholder": "text_a"}</c>. May be cut unless it says otherwise.</summary>
internal sealed record PlaceholderNode(string Field, string Prefix, bool Shortenable = true, string? PostProcessing = null) : TemplateNode(Prefix);
