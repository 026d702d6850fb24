using static TorchSharp.torch;

namespace DeltaTune.Host.Training;

/// <summary>Stochastic gradient descent with momentum, the weight decay added to the gradient, as in PyTorch.</summary>
internal sealed class FlatSgd : FlatOptimizer
{
    private readonly Tensor? _velocity;
    private readonly double _momentum;

    public FlatSgd(FlatParameters parameters, double momentum, double weightDecay)
        : base(parameters, weightDecay)
        => (_velocity, _momentum) = (momentum == 0 ? null : Moment("momentum_buffer"), momentum);

    protected override void Update(Tensor values, Tensor gradients, double learningRate)
    {
        AddDecay(values, gradients);
        Tensor direction = gradients;
        if (_velocity is not null)
        {
            _velocity.mul_(_momentum).add_(direction); // from zero, so the first step's velocity is the gradient
            direction = _velocity;
        }

        foreach (RateSegment segment in Parameters.Segments)
        {
            segment.Of(values).add_(segment.Of(direction), -learningRate * segment.Rate);
        }
    }
}
