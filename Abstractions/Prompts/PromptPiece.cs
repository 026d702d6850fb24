namespace DeltaTune.Prompts;

/// <summary>One piece of a wrapped example.</summary>
public abstract record PromptPiece;
