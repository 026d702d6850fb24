namespace DeltaTune.Text;

/// <summary>The special tokens of a tokenizer: their ids, null where it has none, and their texts.</summary>
public sealed record SpecialTokens
{
    /// <summary>Gets the token that opens a BERT-like input, as <c>[CLS]</c>.</summary>
    public int? Cls { get; init; }

    /// <summary>Gets the token that separates and closes, as <c>[SEP]</c>.</summary>
    public int? Sep { get; init; }

    /// <summary>Gets the token that fills rows up to one length, as <c>[PAD]</c>.</summary>
    public int? Pad { get; init; }

    /// <summary>Gets the token that stands for a word to be predicted, as <c>[MASK]</c>.</summary>
    public int? Mask { get; init; }

    /// <summary>Gets the token for what the vocabulary cannot spell, as <c>[UNK]</c>.</summary>
    public int? Unk { get; init; }

    /// <summary>Gets the token that begins a text.</summary>
    public int? Bos { get; init; }

    /// <summary>Gets the token that ends a text.</summary>
    public int? Eos { get; init; }

    /// <summary>Gets the text of <see cref="Cls"/>.</summary>
    public string? ClsText { get; init; }

    /// <summary>Gets the text of <see cref="Sep"/>.</summary>
    public string? SepText { get; init; }

    /// <summary>Gets the text of <see cref="Pad"/>.</summary>
    public string? PadText { get; init; }

    /// <summary>Gets the text of <see cref="Mask"/>.</summary>
    public string? MaskText { get; init; }

    /// <summary>Gets the text of <see cref="Unk"/>.</summary>
    public string? UnkText { get; init; }

    /// <summary>Gets the text of <see cref="Bos"/>.</summary>
    public string? BosText { get; init; }

    /// <summary>Gets the text of <see cref="Eos"/>.</summary>
    public string? EosText { get; init; }

    /// <summary>Gets further special tokens by text, as T5's <c>&lt;extra_id_0&gt;</c>.</summary>
    public IReadOnlyDictionary<string, int> Additional { get; init; } = new Dictionary<string, int>();

    /// <summary>Gets the ids of all special tokens, each once.</summary>
    /// <returns>A new set.</returns>
    public IReadOnlySet<int> AllIds() =>
        new HashSet<int>(new[] { Cls, Sep, Pad, Mask, Unk, Bos, Eos }.OfType<int>().Concat(Additional.Values));
}
