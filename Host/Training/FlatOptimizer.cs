using TorchSharp;
using static TorchSharp.torch;

namespace DeltaTune.Host.Training;

/// <summary>An optimiser over flat parameters: one step is a handful of operators, however many tensors are trained.</summary>
internal abstract class FlatOptimizer : IDisposable
{
    private readonly List<(string Name, Tensor Value)> _state = [];
    private readonly double _weightDecay;

    /// <param name="parameters">What is trained.</param>
    /// <param name="weightDecay">The decay of what has none of its own.</param>
    protected FlatOptimizer(FlatParameters parameters, double weightDecay) => (Parameters, _weightDecay) = (parameters, weightDecay);

    /// <summary>Gets or sets how many steps were made.</summary>
    public long Steps { get; set; }

    /// <summary>Gets the moments by name, each <c>[count]</c>: what a checkpoint holds.</summary>
    public IReadOnlyList<(string Name, Tensor Value)> State => _state;

    protected FlatParameters Parameters { get; }

    /// <summary>Makes a step along the gradients.</summary>
    /// <param name="learningRate">Of this step.</param>
    public void Step(double learningRate)
    {
        using IDisposable off = no_grad();
        using DisposeScope scope = NewDisposeScope();
        Steps++;
        Update(Parameters.Values, Parameters.Gradients, learningRate);
    }

    /// <summary>Frees the moments.</summary>
    public void Dispose()
    {
        foreach ((_, Tensor value) in _state)
        {
            value.Dispose();
        }
    }

    /// <summary>Adds to the gradients what pulls each weight towards 0, λw: the gradient of λ/2·w².</summary>
    protected void AddDecay(Tensor values, Tensor gradients)
    {
        foreach ((RateSegment segment, double decay) in Decayed())
        {
            segment.Of(gradients).add_(segment.Of(values), decay);
        }
    }

    /// <summary>Lists what decays, with the decay λ of each.</summary>
    protected IEnumerable<(RateSegment Segment, double Decay)> Decayed()
        => Parameters.DecayedSegments.Select(s => (s, s.Decay ?? _weightDecay)).Where(s => s.Item2 != 0);

    protected abstract void Update(Tensor values, Tensor gradients, double learningRate);

    /// <summary>Makes a moment of zeros.</summary>
    protected Tensor Moment(string name)
    {
        Tensor moment = zeros_like(Parameters.Values).DetachFromDisposeScope();
        _state.Add((name, moment));
        return moment;
    }
}
