using TorchSharp.Modules;
using TorchSharp.Utils;
using static TorchSharp.torch;

namespace DeltaTune.Backbones.Weights;

/// <summary>One module of a checkpoint's naming: its weight, its bias, tensors of other names, and modules below it.</summary>
/// <remarks>The layers read the fields at every pass, so they see the parameters that moving to a device puts in their place.</remarks>
internal sealed class WeightNode : nn.Module
{
    [ComponentName(Name = "weight")]
    private readonly Parameter? _weight;
    [ComponentName(Name = "bias")]
    private readonly Parameter? _bias;

    /// <summary>Takes over the tensors; they may not be used under their old names afterwards.</summary>
    public WeightNode(string name, Tensor? weight, Tensor? bias)
        : base(name)
    {
        _weight = weight is null ? null : new Parameter(weight);
        _bias = bias is null ? null : new Parameter(bias);
        RegisterComponents();
    }

    public Parameter Weight => _weight!;

    public Parameter? Bias => _bias;

    /// <summary>A tensor of another name than weight and bias.</summary>
    public Tensor Other(string name) => (Tensor?)get_parameter(name) ?? get_buffer(name)!;

    /// <summary>Takes over a tensor of another name.</summary>
    public void Add(string name, Tensor tensor, bool isBuffer)
    {
        if (isBuffer)
        {
            register_buffer(name, tensor);
        }
        else
        {
            register_parameter(name, new Parameter(tensor));
        }
    }
}
