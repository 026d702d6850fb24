using static TorchSharp.torch;

namespace TorchSharp.Modules;

/// <summary>The negative log-likelihood of log-probabilities.</summary>
public sealed class NLLLoss : WeightedLoss<Tensor, Tensor, Tensor>
{
    /// <summary>Makes the loss.</summary>
    public NLLLoss(Tensor? weight = null, nn.Reduction reduction = nn.Reduction.Mean)
        : base(weight, reduction)
    {
    }

    /// <summary>Computes the loss.</summary>
    public override Tensor forward(Tensor input, Tensor target) => nn.functional.nll_loss(input, target, weight, reduction);
}
