using static TorchSharp.torch;

namespace TorchSharp.Modules;

/// <summary>The squared difference near zero, the absolute one further away.</summary>
public sealed class SmoothL1Loss : Loss<Tensor, Tensor, Tensor>
{
    /// <summary>Makes the loss.</summary>
    public SmoothL1Loss(nn.Reduction reduction = nn.Reduction.Mean, double beta = 1)
        : base(reduction)
    {
        this.beta = beta;
    }

    /// <summary>Gets where the square goes over to the line.</summary>
    public double beta { get; }

    /// <summary>Computes the loss.</summary>
    public override Tensor forward(Tensor input, Tensor target) => nn.functional.smooth_l1_loss(input, target, reduction, beta);
}
