namespace DeltaTune.Prompts;

/// <summary>A position to predict at.</summary>
public sealed record MaskPiece : PromptPiece;
