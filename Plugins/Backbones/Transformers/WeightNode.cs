using TorchSharp.Modules;
using TorchSharp.Utils;
using static TorchSharp.torch;

namespace DeltaTune.Backbones.Transformers;

/// <summary>One module of a checkpoint's naming: a weight, a bias, both or neither, and modules below it.</summary>
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
}
