using TorchSharp.Interop;
using static TorchSharp.torch;

namespace TorchSharp.Modules;

/// <summary>A table of vectors, looked up by index.</summary>
public sealed class Embedding : nn.Module<Tensor, Tensor>
{
    private static readonly Operator s_embedding = new("embedding");
    private static readonly Operator s_renorm = new("embedding_renorm_");
    private readonly long _paddingIndex; // -1 for none
    private readonly double? _maxNorm;
    private readonly double _normType;
    private readonly bool _scaleByFrequency;
    private readonly bool _sparse;
    private Parameter? _weight; // [rows, width]

    internal Embedding(Parameter weight, long? paddingIndex, double? maxNorm, double normType, bool scaleByFrequency, bool sparse)
        : base(nameof(Embedding))
    {
        long rows = weight.size(0);
        if (paddingIndex < -rows || paddingIndex >= rows)
        {
            throw new ArgumentException($"Embedding: padding_idx must lie in [{-rows}, {rows - 1}], but is {paddingIndex}");
        }
        _weight = weight;
        _paddingIndex = paddingIndex switch { null => -1, < 0 => rows + paddingIndex.Value, _ => paddingIndex.Value };
        _maxNorm = maxNorm;
        _normType = normType;
        _scaleByFrequency = scaleByFrequency;
        _sparse = sparse;
        ConditionallyRegisterParameter(nameof(weight), weight);
    }

    /// <summary>Gets or sets the table, <c>[rows, width]</c>. Another one that is set replaces this one, which is disposed.</summary>
    public Parameter? weight
    {
        get => _weight;
        set => Swap(ref _weight, value, nameof(weight));
    }

    /// <summary>Looks up <c>[...]</c> indices, giving <c>[..., width]</c>.</summary>
    public override Tensor forward(Tensor input)
    {
        if (_maxNorm is { } most)
        {
            using IDisposable mode = no_grad();
            s_renorm.InPlace(_weight!, input, most, _normType);
        }
        return s_embedding.Call(_weight, input, _paddingIndex, _scaleByFrequency, _sparse);
    }
}
