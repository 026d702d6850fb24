namespace DeltaTune.Prompts.Templates.Language;

/// <summary>Something else that the example tells: <c>{"meta": "entity"}</c>. Not cut unless it says so.</summary>
internal sealed record MetaNode(string Key, string Prefix, bool Shortenable = false, string? PostProcessing = null) : TemplateNode(Prefix);
