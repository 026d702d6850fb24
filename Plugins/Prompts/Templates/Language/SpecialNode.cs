namespace DeltaTune.Prompts.Templates.Language;

/// <summary>One of the tokenizer's special tokens: <c>{"special": "&lt;sep&gt;"}</c>.</summary>
/// <param name="Name">The role without brackets, as <see cref="SpecialPiece"/> has it.</param>
/// <param name="Prefix">The blank before it, which has no meaning here.</param>
internal sealed record SpecialNode(string Name, string Prefix) : TemplateNode(Prefix);
