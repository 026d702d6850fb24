namespace DeltaTune.Prompts.Templates.Language;

/// <summary>Trainable positions: <c>{"soft"}</c>.</summary>
/// <param name="Text">What they start as, one position a token; empty for one fresh position.</param>
/// <param name="Prefix">The blank before it, which is tokenised with the text.</param>
/// <param name="Id">The group whose rows are shared by all of its pieces; null for rows of its own.</param>
/// <param name="Duplicate">How many positions a piece without text has; null for one.</param>
/// <param name="Same">Whether these positions share one row.</param>
internal sealed record SoftNode(string Text, string Prefix, int? Id = null, int? Duplicate = null, bool Same = false) : TemplateNode(Prefix);
