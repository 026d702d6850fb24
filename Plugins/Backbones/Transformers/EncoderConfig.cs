namespace DeltaTune.Backbones.Transformers;

/// <summary>The sizes and settings of a BERT-like encoder, as its <c>config.json</c> gives them.</summary>
internal sealed record EncoderConfig
{
    public required int VocabularySize { get; init; }

    public required int HiddenSize { get; init; }

    public required int Layers { get; init; }

    public required int Heads { get; init; }

    public required int IntermediateSize { get; init; }

    public required int MaxPositions { get; init; }

    public int TypeVocabularySize { get; init; } = 2;

    public int PadTokenId { get; init; }

    public string Activation { get; init; } = "gelu";

    public double LayerNormEps { get; init; } = 1e-12;

    public double HiddenDropout { get; init; } = 0.1;

    public double AttentionDropout { get; init; } = 0.1;

    /// <summary>Gets the dropout before the classifier; null: as <see cref="HiddenDropout"/>.</summary>
    public double? ClassifierDropout { get; init; }

    /// <summary>Gets whether the vocabulary projection shares the weight of the token embeddings.</summary>
    public bool TieWordEmbeddings { get; init; } = true;

    public IReadOnlyList<string> Architectures { get; init; } = [];

    public int HeadSize => HiddenSize / Heads;
}
