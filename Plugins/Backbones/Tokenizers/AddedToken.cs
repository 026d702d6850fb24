namespace DeltaTune.Backbones.Tokenizers;

/// <summary>A token that is found whole in raw text, before any other rule is applied.</summary>
/// <param name="Content">Its text.</param>
/// <param name="Id">Its id.</param>
/// <param name="Special">Whether decoding may leave it out.</param>
/// <param name="LeftStrip">Whether it takes the blanks before it, as RoBERTa's mask does.</param>
/// <param name="RightStrip">Whether it takes the blanks after it.</param>
/// <param name="SingleWord">Whether it counts only when no letter, digit or underscore touches it.</param>
/// <param name="IgnoreCase">Whether case does not matter: a token that is looked for in lower-cased text.</param>
internal sealed record AddedToken(
    string Content, int Id, bool Special, bool LeftStrip = false, bool RightStrip = false, bool SingleWord = false, bool IgnoreCase = false);
