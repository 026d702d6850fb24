using static TorchSharp.torch;

namespace TorchSharp.Modules;

/// <summary>The binary cross-entropy of scores.</summary>
public sealed class BCEWithLogitsLoss : WeightedLoss<Tensor, Tensor, Tensor>
{
    /// <summary>Makes the loss.</summary>
    public BCEWithLogitsLoss(Tensor? weight = null, nn.Reduction reduction = nn.Reduction.Mean, Tensor? pos_weights = null)
        : base(weight, reduction) => this.pos_weights = pos_weights;

    /// <summary>Gets the weight of positive targets, or null.</summary>
    public Tensor? pos_weights { get; }

    /// <summary>Computes the loss.</summary>
    public override Tensor forward(Tensor input, Tensor target)
        => nn.functional.binary_cross_entropy_with_logits(input, target, weight, reduction, pos_weights);
}
