using DeltaTune.Text;

namespace DeltaTune.Backbones;

/// <summary>An encoder of text, with its tokenizer.</summary>
public abstract class TextInputEncoder : InputEncoder
{
    /// <summary>Gets the tokenizer that belongs to the backbone.</summary>
    public abstract ITokenizer Tokenizer { get; }
}
