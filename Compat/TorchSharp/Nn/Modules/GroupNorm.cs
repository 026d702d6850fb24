using static TorchSharp.torch;

namespace TorchSharp.Modules;

/// <summary>Normalisation over groups of channels.</summary>
public sealed class GroupNorm : nn.Module<Tensor, Tensor>
{
    private Parameter? _weight; // [channels]
    private Parameter? _bias;   // [channels]

    internal GroupNorm(long groups, long channels, double eps, bool affine, Device? device, ScalarType? dtype)
        : base(nameof(GroupNorm))
    {
        num_groups = groups;
        this.eps = eps;
        this.affine = affine;
        if (affine)
        {
            _weight = new Parameter(ones(channels, dtype, device));
            _bias = new Parameter(zeros(channels, dtype, device));
            ConditionallyRegisterParameter(nameof(weight), _weight);
            ConditionallyRegisterParameter(nameof(bias), _bias);
        }
    }

    /// <summary>Gets or sets the number of groups.</summary>
    public long num_groups { get; set; }

    /// <summary>Gets or sets ε.</summary>
    public double eps { get; set; }

    /// <summary>Gets or sets whether there is a weight.</summary>
    public bool affine { get; set; }

    /// <summary>Gets or sets the weight, <c>[channels]</c>.</summary>
    public Parameter weight
    {
        get => _weight!;
        set => Swap(ref _weight, value, nameof(weight));
    }

    /// <summary>Gets or sets the bias, <c>[channels]</c>.</summary>
    public Parameter? bias
    {
        get => _bias;
        set => Swap(ref _bias, value, nameof(bias));
    }

    /// <summary>Normalises <c>[batch, channels, ...]</c>; the shape stays.</summary>
    public override Tensor forward(Tensor tensor) => nn.functional.group_norm(tensor, num_groups, _weight, _bias, eps);
}
