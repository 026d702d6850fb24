namespace DeltaTune.Prompts;

/// <summary>Text, with the blank before it where the template has one.</summary>
/// <param name="Text">The text as it is tokenised.</param>
/// <param name="Shortenable">Whether it may be cut.</param>
public sealed record TextPiece(string Text, bool Shortenable) : PromptPiece;
