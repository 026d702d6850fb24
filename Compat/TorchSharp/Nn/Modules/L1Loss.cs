using static TorchSharp.torch;

namespace TorchSharp.Modules;

/// <summary>The mean absolute difference.</summary>
public sealed class L1Loss : Loss<Tensor, Tensor, Tensor>
{
    /// <summary>Makes the loss.</summary>
    public L1Loss(nn.Reduction reduction = nn.Reduction.Mean)
        : base(reduction)
    {
    }

    /// <summary>Computes the loss.</summary>
    public override Tensor forward(Tensor input, Tensor target) => nn.functional.l1_loss(input, target, reduction);
}
