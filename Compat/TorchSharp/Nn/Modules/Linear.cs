using TorchSharp.Interop;
using static TorchSharp.torch;

namespace TorchSharp.Modules;

/// <summary>y = x Wᵀ + b.</summary>
public sealed class Linear : nn.Module<Tensor, Tensor>
{
    private static readonly Operator s_linear = new("linear");
    private Parameter _weight; // [out, in]
    private Parameter? _bias;  // [out]

    internal Linear(Parameter weight, Parameter? bias)
        : base(nameof(Linear))
    {
        if (weight.dim() != 2 || (bias is not null && (bias.dim() != 1 || bias.size(0) != weight.size(0))))
        {
            throw new ArgumentException(
                $"Linear takes a weight [out, in] and a bias [out], but got [{string.Join(", ", weight.shape)}] and [{string.Join(", ", bias?.shape ?? [])}]");
        }
        _weight = weight;
        _bias = bias;
        out_features = weight.size(0);
        in_features = weight.size(1);
        ConditionallyRegisterParameter(nameof(weight), weight);
        ConditionallyRegisterParameter(nameof(bias), bias);
    }

    /// <summary>Gets or sets the size of the input.</summary>
    public long in_features { get; set; }

    /// <summary>Gets or sets the size of the output.</summary>
    public long out_features { get; set; }

    /// <summary>Gets or sets W, <c>[out, in]</c>. Another one that is set replaces this one, which is disposed.</summary>
    public Parameter weight
    {
        get => _weight;
        set => Swap(ref _weight!, value, nameof(weight));
    }

    /// <summary>Gets or sets b, <c>[out]</c>, or null. Another one that is set replaces this one, which is disposed.</summary>
    public Parameter? bias
    {
        get => _bias;
        set => Swap(ref _bias, value, nameof(bias));
    }

    /// <summary>Maps <c>[..., in]</c> to <c>[..., out]</c>.</summary>
    public override Tensor forward(Tensor tensor) => s_linear.Call(tensor, _weight, _bias);
}
