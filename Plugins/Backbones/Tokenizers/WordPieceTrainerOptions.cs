namespace DeltaTune.Backbones.Tokenizers;

/// <summary>Settings of <see cref="WordPieceTrainer"/>. The defaults are those of BERT's uncased vocabulary and of huggingface/tokenizers.</summary>
public sealed record WordPieceTrainerOptions
{
    /// <summary>Gets how many tokens to learn, special tokens and characters included.</summary>
    /// <value>The default is 30522, the size of bert-base-uncased.</value>
    public int VocabularySize { get; init; } = 30522;

    /// <summary>Gets how often a pair must occur to be merged.</summary>
    /// <value>1 or more. The default is 2, as in huggingface/tokenizers, bindings/python, BertWordPieceTokenizer.train.</value>
    public long MinimumCount { get; init; } = 2;

    /// <summary>Gets how many distinct characters are kept, the most frequent ones; words with others are unknown.</summary>
    /// <value>The default is 1000, from the same source.</value>
    public int AlphabetLimit { get; init; } = 1000;

    /// <summary>Gets whether letters are lower-cased and accents dropped before learning.</summary>
    /// <value>The default is true, as for bert-base-uncased.</value>
    public bool LowerCase { get; init; } = true;

    /// <summary>Gets the special tokens, which take the first ids.</summary>
    /// <value>The default is BERT's five, in the order of huggingface/tokenizers.</value>
    public IReadOnlyList<string> SpecialTokens { get; init; } = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"];
}
