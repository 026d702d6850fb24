using static TorchSharp.torch;

namespace DeltaTune.Backbones.Transformers;

/// <summary>An untrained BERT: its sizes, and what its tensors start from.</summary>
/// <param name="options">With a seed.</param>
internal sealed class EncoderUntrained(BertOptions options)
{
    private const double Deviation = 0.02; // of every map and table: Devlin et al. 2019's initializer_range

    /// <summary>Gives the sizes: the options', where they give any, else those of a folder.</summary>
    /// <param name="folder">What the folder says.</param>
    /// <exception cref="InvalidRunException">They do not fit each other.</exception>
    public EncoderConfig Config(EncoderConfig folder)
    {
        int hidden = options.HiddenSize ?? folder.HiddenSize, heads = options.Heads ?? folder.Heads;
        return hidden % heads == 0
            ? folder with
            {
                Layers = options.Layers ?? folder.Layers,
                HiddenSize = hidden,
                Heads = heads,
                IntermediateSize = options.IntermediateSize ?? (options.HiddenSize is null ? folder.IntermediateSize : 4 * hidden),
            }
            : throw new InvalidRunException("hidden_size", $"must be a multiple of the number of heads, {heads}, but is {hidden}");
    }

    /// <summary>Makes where all chance comes from, the caller's to dispose.</summary>
    public Generator Chance() => new((ulong)options.Seed!, CPU);

    /// <summary>Draws a tensor; they come in the order of the data's way.</summary>
    public static Tensor Draw(WeightSpec spec, Generator chance) => spec.Draw(Deviation, chance);
}
