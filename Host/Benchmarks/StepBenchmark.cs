using System.Diagnostics;
using DeltaTune.Backbones;
using DeltaTune.Batches;
using DeltaTune.Deltas;
using DeltaTune.Host.Runs;
using DeltaTune.Host.Training;
using Newtonsoft.Json.Linq;
using TorchSharp;
using static TorchSharp.torch;

namespace DeltaTune.Host.Benchmarks;

/// <summary>Times training steps of a head and a delta on a backbone.</summary>
internal static class StepBenchmark
{
    private const int WarmUpSteps = 2, Classes = 2;
    private const double LearningRate = 1e-4;

    /// <summary>Runs the steps.</summary>
    /// <param name="backbone">On the CPU or a GPU.</param>
    /// <param name="delta">Attached for the time of the benchmark and disposed; null for none.</param>
    /// <param name="trainsHead">Whether there is a head and something trains; otherwise the backbone alone is run forward.</param>
    /// <param name="batch">Read again at every step.</param>
    /// <param name="steps">Steps that are timed.</param>
    /// <param name="dropout">Whether the backbone's dropout acts.</param>
    /// <param name="cancellationToken">Looked at before every step.</param>
    /// <returns>The report.</returns>
    public static JObject Run(Backbone backbone, Delta? delta, bool trainsHead, ModelBatch batch, int steps, bool dropout, CancellationToken cancellationToken)
    {
        delta?.Attach(backbone);
        using Head? head = trainsHead ? backbone.CreateHead(Classes) : null;
        using TrainingStep? training = head is null ? null : new TrainingStep(backbone, delta, head, flat => new FlatAdam(flat, 0.01, decoupled: true), LearningRate, largestNorm: 1);
        backbone.train(dropout);
        head?.train();
        if (delta is not null)
        {
            delta.Training = true;
        }

        using Tensor labels = LabelsOf(batch, backbone.parameters().First().device);
        List<double> forward = [], backward = [], update = [], whole = [];
        double firstStep = 0;
        double last = double.NaN;
        for (int step = 0; step < WarmUpSteps + steps; step++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            (double Forward, double Backward, double Update, double Loss) times = training?.Run(batch, labels) ?? (Forward(backbone, batch), 0, 0, double.NaN);
            last = times.Loss;
            if (step == 0)
            {
                using var self = Process.GetCurrentProcess();
                firstStep = (DateTime.UtcNow - self.StartTime.ToUniversalTime()).TotalSeconds;
            }

            if (step >= WarmUpSteps)
            {
                forward.Add(times.Forward);
                backward.Add(times.Backward);
                update.Add(times.Update);
                whole.Add(times.Forward + times.Backward + times.Update);
            }
        }

        double median = new StepTimes(whole).Median;
        return new JObject
        {
            ["trainable_parameters"] = training?.Count ?? 0,
            ["backbone_parameters"] = backbone.parameters().Sum(p => p.numel()),
            ["forward_ms"] = new StepTimes(forward).ToJson(),
            ["backward_ms"] = new StepTimes(backward).ToJson(),
            ["optimizer_ms"] = new StepTimes(update).ToJson(),
            ["step_ms"] = new StepTimes(whole).ToJson(),
            ["examples_per_second"] = Math.Round(batch.Rows / median * 1000, 2),
            ["peak_mib"] = Math.Round(PeakMemory.Bytes() / 1048576.0, 1),
            ["seconds_to_first_step"] = Math.Round(firstStep, 3),
            ["last_loss"] = trainsHead ? last : null,
        };
    }

    /// <summary>Labels for a batch: the classes in turn.</summary>
    /// <param name="batch">The batch.</param>
    /// <param name="device">Where the labels shall be.</param>
    /// <returns>int64 <c>[rows]</c>, outside any dispose scope.</returns>
    public static Tensor LabelsOf(ModelBatch batch, Device device)
    {
        using DisposeScope scope = NewDisposeScope();
        return (arange(batch.Rows, dtype: ScalarType.Int64, device: device) % Classes).DetachFromDisposeScope();
    }

    private static double Forward(Backbone backbone, ModelBatch batch)
    {
        using DisposeScope scope = NewDisposeScope();
        using IDisposable mode = no_grad();
        long start = Stopwatch.GetTimestamp();
        backbone.Run(batch, null);
        return Stopwatch.GetElapsedTime(start).TotalMilliseconds;
    }
}
