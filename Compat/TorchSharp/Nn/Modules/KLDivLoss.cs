using static TorchSharp.torch;

namespace TorchSharp.Modules;

/// <summary>The Kullback-Leibler divergence of a target from log-probabilities.</summary>
public sealed class KLDivLoss : Loss<Tensor, Tensor, Tensor>
{
    /// <summary>Makes the loss.</summary>
    public KLDivLoss(bool log_target = true, nn.Reduction reduction = nn.Reduction.Mean)
        : base(reduction)
    {
        this.log_target = log_target;
    }

    /// <summary>Gets whether the target holds logarithms too.</summary>
    public bool log_target { get; }

    /// <summary>Computes the loss.</summary>
    public override Tensor forward(Tensor input, Tensor target) => nn.functional.kl_div(input, target, log_target, reduction);
}
