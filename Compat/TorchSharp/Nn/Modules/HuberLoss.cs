using static TorchSharp.torch;

namespace TorchSharp.Modules;

/// <summary>Half the squared difference near zero, a line further away.</summary>
public sealed class HuberLoss : Loss<Tensor, Tensor, Tensor>
{
    /// <summary>Makes the loss.</summary>
    public HuberLoss(double delta = 1, nn.Reduction reduction = nn.Reduction.Mean)
        : base(reduction)
    {
        this.delta = delta;
    }

    /// <summary>Gets where the square goes over to the line.</summary>
    public double delta { get; }

    /// <summary>Computes the loss.</summary>
    public override Tensor forward(Tensor input, Tensor target) => nn.functional.huber_loss(input, target, delta, reduction);
}
