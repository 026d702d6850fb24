using System.Diagnostics;
using DeltaTune.Backbones;
using DeltaTune.Batches;
using DeltaTune.Deltas;
using DeltaTune.Host.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace DeltaTune.Host.Benchmarks;

/// <summary>Makes the steps that benchmarks time: a head, and a delta where there is one, trained with the trainer's own parts.</summary>
internal sealed class TrainingStep : IDisposable
{
    private readonly Backbone _backbone;
    private readonly Head _head;
    private readonly FlatParameters _parameters;
    private readonly FlatOptimizer _optimizer;
    private readonly double _learningRate, _largestNorm;

    /// <param name="backbone">On the CPU or a GPU. Not disposed.</param>
    /// <param name="delta">Attached already; null for none. Not disposed.</param>
    /// <param name="head">Trained along. Not disposed.</param>
    /// <param name="optimizer">Makes the optimiser, which the step takes over.</param>
    /// <param name="learningRate">Of every step.</param>
    /// <param name="largestNorm">What the gradient's norm is cut to; 0 cuts nothing, and computes it all the same, as the trainer does.</param>
    public TrainingStep(Backbone backbone, Delta? delta, Head head, Func<FlatParameters, FlatOptimizer> optimizer, double learningRate, double largestNorm)
    {
        (_backbone, _head, _learningRate, _largestNorm) = (backbone, head, learningRate, largestNorm);
        _parameters = new FlatParameters(
        [
            .. delta?.Parameters().Select(p => new TrainedTensor("the delta", p.Name, p.Value)) ?? [],
            .. head.named_parameters().Select(p => new TrainedTensor("the head", p.name, p.parameter)),
        ]);
        _optimizer = optimizer(_parameters);
    }

    /// <summary>Gets how many numbers are trained.</summary>
    public long Count => _parameters.Count;

    /// <summary>Makes one step and reads its loss out.</summary>
    /// <param name="batch">Not disposed.</param>
    /// <param name="labels">int64 <c>[rows]</c>, on the backbone's device. Not disposed.</param>
    /// <returns>Milliseconds of the parts, and the loss in nats.</returns>
    public (double Forward, double Backward, double Update, double Loss) Run(ModelBatch batch, Tensor labels)
    {
        using DisposeScope scope = NewDisposeScope();
        long start = Stopwatch.GetTimestamp();
        Hidden hidden = _backbone.Run(batch, _head.Reads);
        _parameters.ClearGradients();
        Tensor loss = nn.functional.cross_entropy(_head.call(hidden), labels);
        double value = loss.item<float>();
        double forward = Stopwatch.GetElapsedTime(start).TotalMilliseconds;
        start = Stopwatch.GetTimestamp();
        loss.backward();
        double backward = Stopwatch.GetElapsedTime(start).TotalMilliseconds;
        start = Stopwatch.GetTimestamp();
        GradientClip.Apply(_parameters, _largestNorm);
        _optimizer.Step(_learningRate);
        return (forward, backward, Stopwatch.GetElapsedTime(start).TotalMilliseconds, value);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _optimizer.Dispose();
        _parameters.Dispose();
    }
}
