namespace DeltaTune.Backbones.Transformers;

/// <summary>What tells BERT and RoBERTa apart: names in checkpoints, positions, and the form of the classification head.</summary>
/// <remarks>
/// Sources: Devlin et al. 2019, arXiv:1810.04805; Liu et al. 2019, arXiv:1907.11692; names and positions as huggingface/transformers has them.
/// </remarks>
internal sealed record EncoderFamily
{
    public static EncoderFamily Bert { get; } = new()
    {
        Name = "bert",
        HeadDense = "cls.predictions.transform.dense",
        HeadNorm = "cls.predictions.transform.LayerNorm",
        HeadDecoder = "cls.predictions.decoder",
        HeadBias = "cls.predictions",
        PooledClassifier = true,
    };

    public static EncoderFamily Roberta { get; } = new()
    {
        Name = "roberta",
        HeadDense = "lm_head.dense",
        HeadNorm = "lm_head.layer_norm",
        HeadDecoder = "lm_head.decoder",
        HeadBias = "lm_head",
        HeadActivation = "gelu",
        PositionsSkipPadding = true,
        PadTokenId = 1,
    };

    /// <summary>Gets the family's name, which is also the checkpoint's prefix.</summary>
    public required string Name { get; init; }

    public string Prefix => Name + ".";

    public required string HeadDense { get; init; }

    public required string HeadNorm { get; init; }

    /// <summary>Gets the module whose weight projects onto the vocabulary: tied to the token embeddings unless the configuration says otherwise.</summary>
    public required string HeadDecoder { get; init; }

    /// <summary>Gets the module that owns the projection's bias.</summary>
    public required string HeadBias { get; init; }

    /// <summary>Gets the activation of the prediction head; null: the configuration's.</summary>
    public string? HeadActivation { get; init; }

    /// <summary>Gets the padding id where the configuration has none.</summary>
    public int PadTokenId { get; init; }

    /// <summary>Gets whether positions count from the padding id on and leave padding out (RoBERTa), instead of counting columns from 0 (BERT).</summary>
    public bool PositionsSkipPadding { get; init; }

    /// <summary>Gets whether the classifier is one linear map on the pooled vector (BERT), instead of two on the first state (RoBERTa).</summary>
    public bool PooledClassifier { get; init; }

    /// <summary>Gets the longest row that the position table has room for, in tokens.</summary>
    public int MaxLength(EncoderConfig config) => config.MaxPositions - (PositionsSkipPadding ? config.PadTokenId + 1 : 0);
}
