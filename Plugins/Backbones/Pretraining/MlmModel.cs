using DeltaTune.Backbones.Transformers;
using DeltaTune.Text;
using static TorchSharp.torch;

namespace DeltaTune.Backbones.Pretraining;

/// <summary>Makes the untrained network.</summary>
internal static class MlmModel
{
    private const double InitializerRange = 0.02; // as BERT's initializer_range

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

    public static MaskedTransformer Create(EncoderConfig config, long seed)
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
                WeightStart.Noise => empty(spec.Shape).normal_(0, InitializerRange, generator),
                WeightStart.One => ones(spec.Shape),
                _ => zeros(spec.Shape),
            },
            () => throw new NotSupportedException("a network in pretraining has no input encoder; load the folder that it is written to"));
    }
}
