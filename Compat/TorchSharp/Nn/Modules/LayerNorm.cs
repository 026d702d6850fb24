using TorchSharp.Interop;
using static TorchSharp.torch;

namespace TorchSharp.Modules;

/// <summary>(x − mean)/√(var + ε)·w + b over the last dimensions.</summary>
public sealed class LayerNorm : nn.Module<Tensor, Tensor>
{
    private static readonly Operator s_layerNorm = new("layer_norm");
    private Parameter? _weight;
    private Parameter? _bias;

    internal LayerNorm(long[] shape, double eps, bool affine, bool bias, Device? device, ScalarType? dtype)
        : base(nameof(LayerNorm))
    {
        normalized_shape = shape;
        this.eps = eps;
        elementwise_affine = affine;
        if (affine)
        {
            _weight = new Parameter(empty(shape, dtype, device));
            _bias = bias ? new Parameter(empty(shape, dtype, device)) : null;
            ConditionallyRegisterParameter(nameof(weight), _weight);
            ConditionallyRegisterParameter(nameof(bias), _bias);
            reset_parameters();
        }
    }

    /// <summary>Gets or sets the sizes of the dimensions that are normalised.</summary>
    public long[] normalized_shape { get; set; }

    /// <summary>Gets or sets ε.</summary>
    public double eps { get; set; }

    /// <summary>Gets or sets whether there is a weight.</summary>
    public bool elementwise_affine { get; set; }

    /// <summary>Gets or sets w, or null where there is none.</summary>
    public Parameter weight
    {
        get => _weight!;
        set => Swap(ref _weight, value, nameof(weight));
    }

    /// <summary>Gets or sets b, or null where there is none.</summary>
    public Parameter? bias
    {
        get => _bias;
        set => Swap(ref _bias, value, nameof(bias));
    }

    /// <summary>Sets w to ones and b to zeros.</summary>
    public void reset_parameters()
    {
        if (_weight is not null)
        {
            nn.init.ones_(_weight);
        }
        if (_bias is not null)
        {
            nn.init.zeros_(_bias);
        }
    }

    /// <summary>Normalises; the shape stays.</summary>
    public override Tensor forward(Tensor tensor) => s_layerNorm.Call(tensor, normalized_shape, _weight, _bias, eps);
}
