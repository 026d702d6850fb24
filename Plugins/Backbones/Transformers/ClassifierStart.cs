using TorchSharp.Modules;
using static TorchSharp.torch;

namespace DeltaTune.Backbones.Transformers;

/// <summary>What a classification head starts from: the checkpoint's tensors where its number of classes is the same, else BERT's noise.</summary>
internal static class ClassifierStart
{
    /// <summary>Tells whether the checkpoint has a last map with that many classes.</summary>
    public static bool Fits(IReadOnlyDictionary<string, Tensor> checkpoint, string lastMap, int classes)
        => checkpoint.TryGetValue(lastMap + ".weight", out Tensor? weight) && weight.size(0) == classes;

    public static Tensor Value(IReadOnlyDictionary<string, Tensor> checkpoint, string name, bool stored, long[] shape)
    {
        if (stored && checkpoint.TryGetValue(name, out Tensor? value) && value.shape.AsSpan().SequenceEqual(shape))
        {
            return value.clone();
        }

        return shape.Length == 1 ? zeros(shape) : empty(shape).normal_(0, 0.02); // as BERT's initializer_range
    }

    public static Parameter Parameter(IReadOnlyDictionary<string, Tensor> checkpoint, string name, bool stored, long[] shape)
        => new(Value(checkpoint, name, stored, shape));
}
