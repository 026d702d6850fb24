namespace DeltaTune.Prompts.Verbalizers;

/// <summary>Settings of the <c>scores</c> verbalizer: it has none.</summary>
public sealed record ScoresVerbalizerOptions;
