using static TorchSharp.torch;

namespace TorchSharp;

/// <summary>A loss of three inputs with a weight for each class or element.</summary>
public abstract class WeightedLoss<T1, T2, T3, TResult> : Loss<T1, T2, T3, TResult>
{
    /// <summary>Makes the loss.</summary>
    public WeightedLoss(Tensor? weight = null, nn.Reduction reduction = nn.Reduction.Mean)
        : base(reduction) => this.weight = weight;

    /// <summary>Gets the weight, or null where everything counts the same.</summary>
    public Tensor? weight { get; }
}
