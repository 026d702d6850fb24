namespace DeltaTune.Prompts.Templates.Language;

/// <summary>One piece of a template.</summary>
/// <param name="Prefix">The blank before it, or nothing.</param>
internal abstract record TemplateNode(string Prefix);
