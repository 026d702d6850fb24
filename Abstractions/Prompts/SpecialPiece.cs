namespace DeltaTune.Prompts;

/// <summary>One of the tokenizer's special tokens.</summary>
/// <param name="Name">Its role in lower case: <c>cls</c>, <c>sep</c>, <c>pad</c>, <c>bos</c>, <c>eos</c>, <c>unk</c>.</param>
public sealed record SpecialPiece(string Name) : PromptPiece;
