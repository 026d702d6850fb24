using static TorchSharp.torch;

namespace TorchSharp.Modules;

/// <summary>The mean squared difference.</summary>
public sealed class MSELoss : Loss<Tensor, Tensor, Tensor>
{
    /// <summary>Makes the loss.</summary>
    public MSELoss(nn.Reduction reduction = nn.Reduction.Mean)
        : base(reduction)
    {
    }

    /// <summary>Computes the loss.</summary>
    public override Tensor forward(Tensor input, Tensor target) => nn.functional.mse_loss(input, target, reduction);
}
