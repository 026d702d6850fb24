namespace DeltaTune.Prompts.Verbalizers;

/// <summary>Settings of the <c>head</c> verbalizer: it has none.</summary>
public sealed record HeadVerbalizerOptions;
