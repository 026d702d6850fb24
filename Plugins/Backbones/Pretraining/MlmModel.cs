using DeltaTune.Backbones.Transformers;
using DeltaTune.Text;
using static TorchSharp.torch;

namespace DeltaTune.Backbones.Pretraining;

/// <summary>Makes the untrained network.</summary>
internal static class MlmModel
{
    private const double IdentityNoise = 0.02; // beside an identity, small enough to leave it visible

    public static EncoderConfig Config(MlmOptions options, ITokenizer tokenizer) => new()
    {
        VocabularySize = tokenizer.VocabularySize,
        HiddenSize = options.HiddenSize,
        Layers = options.Layers,
        Heads = options.Heads,
        IntermediateSize = options.IntermediateSize,
        MaxPositions = options.MaxPositions == 0 ? options.MaxLength : options.MaxPositions,
        PadTokenId = tokenizer.Special.Pad ?? 0,
        HiddenDropout = options.Dropout,
        AttentionDropout = options.Dropout,
        Architectures = ["BertForMaskedLM"],
    };

    /// <param name="config">Sizes.</param>
    /// <param name="options">How weights start.</param>
    /// <param name="seed">Where all chance comes from.</param>
    /// <param name="tokens">Makes the token embeddings; null for noise.</param>
    public static MaskedTransformer Create(EncoderConfig config, MlmOptions options, long seed, Func<Generator, Tensor>? tokens)
    {
        using var generator = new Generator((ulong)seed, CPU);
        return new MaskedTransformer(
            new BackboneDescription
            {
                Family = EncoderFamily.Bert.Name,
                Kind = BackboneKind.MaskedLanguageModel,
                HiddenSize = config.HiddenSize,
                Layers = config.Layers,
                VocabularySize = config.VocabularySize,
                MaxLength = config.MaxPositions,
            },
            EncoderFamily.Bert,
            config,
            EncoderSpecs.Of(EncoderFamily.Bert, config, withPooler: false, withPredictions: true),
            spec => spec.Start switch
            {
                WeightStart.Noise when tokens is not null && spec.Name.EndsWith("word_embeddings.weight", StringComparison.Ordinal) => tokens(generator),
                WeightStart.Noise when options.IdentityStart > 0 && PassesOn(spec.Name)
                    => empty(spec.Shape).normal_(0, IdentityNoise, generator).add_(eye(spec.Shape[0]), options.IdentityStart),
                _ => spec.Draw(options.InitializerRange, generator),
            },
            () => throw new NotSupportedException("a network in pretraining has no input encoder; load the folder that it is written to"));
    }

    private static bool PassesOn(string name) => name.EndsWith("attention.self.value.weight", StringComparison.Ordinal)
        || name.EndsWith("attention.output.dense.weight", StringComparison.Ordinal)
        || name.EndsWith("predictions.transform.dense.weight", StringComparison.Ordinal);
}
