using DeltaTune.Backbones.Checkpoints;
using DeltaTune.Backbones.Text;
using TorchSharp;
using static TorchSharp.torch;

namespace DeltaTune.Backbones.Transformers;

/// <summary>A Hugging Face folder of a BERT-like encoder.</summary>
internal sealed class EncoderFolder(EncoderFamily family, string path)
{
    /// <summary>Reads <c>config.json</c> alone.</summary>
    /// <exception cref="InvalidRunException">It is missing, or says something that cannot be.</exception>
    public BackboneDescription Describe() => Describe(EncoderConfigFile.Read(path, family));

    /// <summary>Reads configuration and weights. The tokenizer is read when a prompt is encoded for the first time.</summary>
    /// <exception cref="InvalidRunException">A file is missing or broken, or a tensor does not fit the configuration.</exception>
    public Backbone Load()
    {
        EncoderConfig config = EncoderConfigFile.Read(path, family);
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
        Source = path,
    };
}
