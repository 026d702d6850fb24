namespace DeltaTune.Prompts;

/// <summary>Trainable positions.</summary>
/// <param name="Rows">The row of the template's soft table at each position, from 1.</param>
/// <param name="TokenIds">The token that each position stands for where nothing replaces it.</param>
public sealed record SoftPiece(IReadOnlyList<int> Rows, IReadOnlyList<int> TokenIds) : PromptPiece;
