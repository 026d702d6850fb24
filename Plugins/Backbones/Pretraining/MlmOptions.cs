using System.ComponentModel.DataAnnotations;
using DeltaTune.Options;
using DeltaTune.Training;

namespace DeltaTune.Backbones.Pretraining;

/// <summary>Settings of the <c>mlm</c> pretraining: a BERT encoder that learns to predict masked words.</summary>
/// <remarks>The default sizes are BERT-Mini's (Turc et al. 2019, arXiv:1908.08962).</remarks>
public sealed record MlmOptions : IValidatableObject
{
    /// <summary>Gets the text to learn from.</summary>
    [Required, MinLength(1)]
    public IReadOnlyList<MlmCorpusFile> Corpus { get; init; } = [];

    /// <summary>Gets a folder with tokenizer files to use; empty: a WordPiece vocabulary is learnt from the corpus.</summary>
    [PathOption(MayBeMissing = true)] // the objective tells what is not there
    public string Tokenizer { get; init; } = "";

    /// <summary>Gets the size of the vocabulary to learn, in tokens.</summary>
    /// <value>From 64 to 65535. The default is 8192.</value>
    [Range(64, 65535)]
    public int VocabularySize { get; init; } = 8192;

    /// <summary>Gets the number of layers.</summary>
    /// <value>The default is 4.</value>
    [Range(1, 100)]
    public int Layers { get; init; } = 4;

    /// <summary>Gets the hidden size, a multiple of <see cref="Heads"/>.</summary>
    /// <value>The default is 256.</value>
    [Range(8, 16384)]
    public int HiddenSize { get; init; } = 256;

    /// <summary>Gets the number of attention heads.</summary>
    /// <value>The default is 4.</value>
    [Range(1, 256)]
    public int Heads { get; init; } = 4;

    /// <summary>Gets the inner size of the feed-forward sublayer.</summary>
    /// <value>The default is 1024.</value>
    [Range(8, 65536)]
    public int IntermediateSize { get; init; } = 1024;

    /// <summary>Gets the length of a training row, special tokens included, in tokens.</summary>
    /// <value>The default is 128, as in the first nine tenths of BERT's own pretraining.</value>
    [Range(8, 4096)]
    public int MaxLength { get; init; } = 128;

    /// <summary>Gets the number of positions that the model has room for, in tokens; 0 for <see cref="MaxLength"/>.</summary>
    [Range(0, 65536)]
    public int MaxPositions { get; init; }

    /// <summary>Gets the rows of one step.</summary>
    /// <value>The default is 64.</value>
    [Range(1, 65536)]
    public int BatchSize { get; init; } = 64;

    /// <summary>Gets the rows of one pass; gradients are summed over the passes of a step. Small passes stay in the processor's cache.</summary>
    /// <value>The default is 16.</value>
    [Range(1, 65536)]
    public int PassSize { get; init; } = 16;

    /// <summary>Gets the number of steps.</summary>
    /// <value>The default is 10000.</value>
    [Range(1, long.MaxValue)]
    public long Steps { get; init; } = 10_000;

    /// <summary>Gets the highest learning rate.</summary>
    /// <value>The default is 5e-4: small encoders bear more than BERT-base's 1e-4.</value>
    [Range(0, 1, MinimumIsExclusive = true)]
    public double LearningRate { get; init; } = 5e-4;

    /// <summary>Gets how many steps the learning rate rises.</summary>
    /// <value>The default is 500.</value>
    [Range(0, long.MaxValue)]
    public long WarmupSteps { get; init; } = 500;

    /// <summary>Gets how the learning rate goes after that.</summary>
    /// <value>The default is linear, as in BERT.</value>
    public ScheduleKind Schedule { get; init; } = ScheduleKind.Linear;

    /// <summary>Gets AdamW's decoupled weight decay; biases and norms have none.</summary>
    /// <value>The default is 0.01, as in BERT.</value>
    [Range(0, 1)]
    public double WeightDecay { get; init; } = 0.01;

    /// <summary>Gets AdamW's β₂, the memory of the squared gradient.</summary>
    /// <value>The default is 0.98, as in RoBERTa (Liu et al. 2019, §3.1).</value>
    [Range(0, 1)]
    public double Beta2 { get; init; } = 0.98;

    /// <summary>Gets the largest norm of the gradient; 0 for no limit.</summary>
    /// <value>The default is 1, as in BERT.</value>
    [Range(0, double.MaxValue)]
    public double ClipNorm { get; init; } = 1;

    /// <summary>Gets the dropout of hidden states and attention.</summary>
    /// <value>The default is 0: a corpus that is seen once or twice is not learnt by heart, and training is faster.</value>
    [Range(0, 1, MaximumIsExclusive = true)]
    public double Dropout { get; init; }

    /// <summary>Gets the standard deviation that weights start with.</summary>
    /// <value>Above 0. The default is 0.02, BERT's <c>initializer_range</c>; a narrow network learns sooner from more (1/√hidden_size is 0.06 at 256).</value>
    [Range(0, 1, MinimumIsExclusive = true)]
    public double InitializerRange { get; init; } = 0.02;

    /// <summary>Gets what token embeddings start from.</summary>
    /// <value>The default is <see cref="TokenStart.Noise"/>, as in BERT.</value>
    public TokenStart TokenStart { get; init; }

    /// <summary>Gets how much of the identity is in the attention's value and output maps, and in the prediction head's, at the start: with some, context
    /// reaches the prediction from the first step on.</summary>
    /// <value>0 or more; the default is 0, as in BERT. After Trockman and Kolter 2023, "Mimetic Initialization of Self-Attention Layers",
    /// https://arxiv.org/abs/2305.09828, with the sign for predicting a word from its neighbours.</value>
    [Range(0, 1)]
    public double IdentityStart { get; init; }

    /// <summary>Gets the share of tokens to predict.</summary>
    /// <value>The default is 0.15, as in BERT.</value>
    [Range(0, 1, MinimumIsExclusive = true)]
    public double MaskProbability { get; init; } = 0.15;

    /// <summary>Gets whether all pieces of a word are masked together.</summary>
    /// <value>The default is true, as in BERT's whole-word models.</value>
    public bool WholeWord { get; init; } = true;

    /// <summary>Gets how many rows are held out to measure the loss on.</summary>
    /// <value>The default is 256.</value>
    [Range(0, 1_000_000)]
    public int HeldOutRows { get; init; } = 256;

    /// <summary>Gets after how many steps the loss is logged.</summary>
    /// <value>The default is 50.</value>
    [Range(1, long.MaxValue)]
    public long LogSteps { get; init; } = 50;

    /// <summary>Gets after how many steps the held-out loss is measured.</summary>
    /// <value>The default is 500.</value>
    [Range(1, long.MaxValue)]
    public long HeldOutSteps { get; init; } = 500;

    /// <summary>Gets the time between checkpoints, in minutes.</summary>
    /// <value>The default is 10.</value>
    [Range(0, double.MaxValue, MinimumIsExclusive = true)]
    public double CheckpointMinutes { get; init; } = 10;

    /// <inheritdoc/>
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (HiddenSize % Heads != 0)
        {
            yield return new ValidationResult($"must be a multiple of heads ({Heads}), but is {HiddenSize}", [nameof(HiddenSize)]);
        }

        if (MaxPositions != 0 && MaxPositions < MaxLength)
        {
            yield return new ValidationResult($"must be 0 or at least maxLength ({MaxLength}), but is {MaxPositions}", [nameof(MaxPositions)]);
        }
    }
}
