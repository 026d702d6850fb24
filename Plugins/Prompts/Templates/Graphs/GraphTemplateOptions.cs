namespace DeltaTune.Prompts.Templates;

/// <summary>Settings of the <c>graph</c> template: it has none.</summary>
public sealed record GraphTemplateOptions;
