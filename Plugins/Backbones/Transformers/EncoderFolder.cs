using DeltaTune.Backbones.Checkpoints;
using DeltaTune.Backbones.Text;
using TorchSharp;
using static TorchSharp.torch;

namespace DeltaTune.Backbones.Transformers;

/// <summary>A Hugging Face folder of a BERT-like encoder.</summary>
/// <param name="family">Which encoder.</param>
/// <param name="path">The folder.</param>
/// <param name="untrained">Draws the weights in place of the folder's; null to read those.</param>
internal sealed class EncoderFolder(EncoderFamily family, string path, EncoderUntrained? untrained = null)
{
    /// <summary>Reads <c>config.json</c> alone.</summary>
    /// <exception cref="InvalidRunException">It is missing, or says something that cannot be.</exception>
    public BackboneDescription Describe() => Describe(Config());

    /// <summary>Reads configuration and weights. The tokenizer is read when a prompt is encoded for the first time.</summary>
    /// <exception cref="InvalidRunException">A file is missing or broken, or a tensor does not fit the configuration.</exception>
    public Backbone Load()
    {
        EncoderConfig config = Config();
        return untrained is null ? Read(config) : Draw(config, untrained);
    }

    private EncoderConfig Config()
    {
        EncoderConfig config = EncoderConfigFile.Read(path, family);
        return untrained?.Config(config) ?? config;
    }

    private MaskedTransformer Draw(EncoderConfig config, EncoderUntrained start)
    {
        using DisposeScope scope = NewDisposeScope();
        using Generator chance = start.Chance();
        IReadOnlyList<WeightSpec> specs = EncoderSpecs.Of(family, config, withPooler: false, withPredictions: true);
        var backbone = new MaskedTransformer(
            Describe(config), family, config, specs, spec => EncoderUntrained.Draw(spec, chance), () => MaskedTextEncoder.Load(path, config, family));
        backbone.Finish();
        return backbone;
    }

    private MaskedTransformer Read(EncoderConfig config)
    {
        using Checkpoint checkpoint = BrokenFile.Guard(path, () => Checkpoint.Open(path));
        var weights = new EncoderWeights(family, config, checkpoint);
        IReadOnlyList<WeightSpec> specs = weights.Specs();

        // Whatever was read before a tensor turns out to be broken is freed here; a module keeps its own out of the scope.
        using DisposeScope scope = NewDisposeScope();
        Dictionary<string, Tensor> classifier = weights.ReadClassifier();
        var backbone = new MaskedTransformer(
            Describe(config), family, config, specs, weights.Read, () => MaskedTextEncoder.Load(path, config, family), classifier);
        backbone.Finish();
        foreach (Tensor tensor in classifier.Values)
        {
            tensor.DetachFromDisposeScope();
        }

        return backbone;
    }

    private BackboneDescription Describe(EncoderConfig config) => new()
    {
        Family = family.Name,
        Kind = BackboneKind.MaskedLanguageModel,
        HiddenSize = config.HiddenSize,
        Layers = config.Layers,
        VocabularySize = config.VocabularySize,
        MaxLength = family.MaxLength(config),
        Source = untrained is null ? path : "",
    };
}
