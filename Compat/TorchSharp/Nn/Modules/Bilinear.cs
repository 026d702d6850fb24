using static TorchSharp.torch;

namespace TorchSharp.Modules;

/// <summary>yₖ = x₁ᵀ Wₖ x₂ + bₖ.</summary>
public sealed class Bilinear : nn.Module<Tensor, Tensor, Tensor>
{
    private Parameter _weight; // [out, in1, in2]
    private Parameter? _bias;  // [out]

    internal Bilinear(Parameter weight, Parameter? bias)
        : base(nameof(Bilinear))
    {
        _weight = weight;
        _bias = bias;
        (out_features, in1_features, in2_features) = (weight.size(0), weight.size(1), weight.size(2));
        ConditionallyRegisterParameter(nameof(weight), weight);
        ConditionallyRegisterParameter(nameof(bias), bias);
    }

    /// <summary>Gets or sets the size of the first input.</summary>
    public long in1_features { get; set; }

    /// <summary>Gets or sets the size of the second input.</summary>
    public long in2_features { get; set; }

    /// <summary>Gets or sets the size of the output.</summary>
    public long out_features { get; set; }

    /// <summary>Gets or sets W, <c>[out, in1, in2]</c>.</summary>
    public Parameter weight
    {
        get => _weight;
        set => Swap(ref _weight!, value, nameof(weight));
    }

    /// <summary>Gets or sets b, <c>[out]</c>, or null.</summary>
    public Parameter? bias
    {
        get => _bias;
        set => Swap(ref _bias, value, nameof(bias));
    }

    /// <summary>Maps <c>[..., in1]</c> and <c>[..., in2]</c> to <c>[..., out]</c>.</summary>
    public override Tensor forward(Tensor input1, Tensor input2) => nn.functional.bilinear(input1, input2, _weight, _bias);
}
