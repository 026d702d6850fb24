using static TorchSharp.torch;

namespace TorchSharp.Modules;

/// <summary>The negative log-likelihood of scores, in nats.</summary>
public sealed class CrossEntropyLoss : WeightedLoss<Tensor, Tensor, Tensor>
{
    /// <summary>Makes the loss.</summary>
    public CrossEntropyLoss(Tensor? weight = null, long? ignore_index = null, nn.Reduction reduction = nn.Reduction.Mean, double label_smoothing = 0)
        : base(weight, reduction)
    {
        this.ignore_index = ignore_index;
        this.label_smoothing = label_smoothing;
    }

    /// <summary>Gets the label that counts for nothing; -100 where null.</summary>
    public long? ignore_index { get; }

    /// <summary>Gets how much of each label is spread over all classes.</summary>
    public double label_smoothing { get; }

    /// <summary>Computes the loss of scores <c>[batch, labels, ...]</c> against labels <c>[batch, ...]</c>.</summary>
    public override Tensor forward(Tensor input, Tensor target)
        => nn.functional.cross_entropy(input, target, weight, ignore_index ?? -100, reduction, label_smoothing);
}
