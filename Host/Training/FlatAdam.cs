using static TorchSharp.torch;

namespace DeltaTune.Host.Training;

/// <summary>Adam, with weight decay added to the gradient or, as AdamW has it, apart from it.</summary>
/// <remarks>
/// Sources: Kingma and Ba 2015, arXiv:1412.6980, algorithm 1; Loshchilov and Hutter 2019, arXiv:1711.05101, algorithm 2, with the
/// decay multiplied by the learning rate as in PyTorch. ε is added to √v̂ after the correction of the bias.
/// </remarks>
internal sealed class FlatAdam : FlatOptimizer
{
    private const double Beta1 = 0.9, Beta2 = 0.999, Epsilon = 1e-8; // Kingma and Ba's
    private readonly Tensor _mean, _square;
    private readonly bool _decoupled;

    public FlatAdam(FlatParameters parameters, double weightDecay, bool decoupled)
        : base(parameters, weightDecay)
        => (_mean, _square, _decoupled) = (Moment("exp_avg"), Moment("exp_avg_sq"), decoupled);

    protected override void Update(Tensor values, Tensor gradients, double learningRate)
    {
        if (!_decoupled)
        {
            AddDecay(values, gradients);
        }

        foreach ((RateSegment segment, double decay) in _decoupled ? Decayed() : [])
        {
            segment.Of(values).mul_(1 - (learningRate * segment.Rate * decay));
        }

        _mean.mul_(Beta1).add_(gradients, 1 - Beta1);                        // m = β₁m + (1 - β₁)g
        _square.mul_(Beta2).addcmul_(gradients, gradients, 1 - Beta2);       // v = β₂v + (1 - β₂)g²
        double correction1 = 1 - Math.Pow(Beta1, Steps), correction2 = 1 - Math.Pow(Beta2, Steps);
        Tensor root = _square.sqrt().div_(Math.Sqrt(correction2)).add_(Epsilon); // √v̂ + ε
        foreach (RateSegment segment in Parameters.Segments)
        {
            segment.Of(values).addcdiv_(segment.Of(_mean), segment.Of(root), -learningRate * segment.Rate / correction1);
        }
    }
}
