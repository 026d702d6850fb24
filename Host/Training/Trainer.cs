using System.Diagnostics;
using DeltaTune.Batches;
using DeltaTune.Deltas;
using DeltaTune.Host.Options;
using DeltaTune.Tasks;
using DeltaTune.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace DeltaTune.Host.Training;

/// <summary>Trains the parts of a model that train, on one thread, from a seed: the same seed gives the same numbers, interrupted or not.</summary>
/// <remarks>
/// All chance of a step comes from the run's seed and the step's number: the batch, and the generators' seed for dropout. So a checkpoint
/// needs no generator state, which TorchSharp can neither read nor write on a GPU.
/// </remarks>
internal sealed class Trainer : IDisposable
{
    private readonly TuningModel _model;
    private readonly TrainingOptions _options;
    private readonly long _seed;
    private readonly EncodedSplit _train;
    private readonly EncodedSplit? _dev;
    private readonly TrainingTargets _targets;
    private readonly BatchPlan _plan;
    private readonly FlatParameters _parameters;
    private readonly FlatOptimizer _optimizer;
    private readonly LearningRateSchedule _schedule;
    private readonly Stopwatch _watch = new();
    private readonly IReadOnlyList<IKnownStates> _states = [];
    private TrainingCounters _counters = new();
    private KeptState? _best;                  // the best so far
    private (int Number, IReadOnlyList<int[]> Batches) _epoch = (-1, []);

    /// <summary>Prepares a training: gathers what trains into one buffer and encodes the examples.</summary>
    /// <param name="model">Something of it must train.</param>
    /// <param name="options">How.</param>
    /// <param name="seed">Where all chance comes from.</param>
    /// <param name="train">One or more examples with labels.</param>
    /// <param name="dev">Examples that choose the best state; may be empty.</param>
    /// <param name="soft">A probability for each class in place of each training example's label; null where the labels are learned.</param>
    /// <exception cref="InvalidRunException">Nothing trains, or there is nothing to train on.</exception>
    public Trainer(TuningModel model, TrainingOptions options, long seed, IReadOnlyList<Example> train, IReadOnlyList<Example> dev, IReadOnlyList<float[]>? soft = null)
    {
        (_model, _options, _seed) = (model, options, seed);
        IReadOnlyList<TrainedTensor> trained = [.. model.Trained().Select(t => t.Under(options))];
        if (trained.Count == 0)
        {
            throw new InvalidRunException("deltas", "must train something, but neither a delta nor template nor verbalizer has a trainable parameter; add a delta such as {\"type\": \"lora\"}");
        }

        if (train.Count == 0)
        {
            throw new InvalidRunException("task", "must have training examples, but its training split is empty");
        }

        _train = model.Encode(train);
        _dev = dev.Count == 0 ? null : model.Encode(dev);
        IReadOnlyList<long>? groups = GroupNumbers.Of(model, train, options);
        _targets = new TrainingTargets(model, train, soft, groups);
        _plan = new BatchPlan(_train.Lengths, options.BatchSize, seed, groups);
        _parameters = new FlatParameters(trained);
        _optimizer = options.Optimizer switch
        {
            OptimizerKind.Sgd => new FlatSgd(_parameters, momentum: 0, options.WeightDecay),
            OptimizerKind kind => new FlatAdam(_parameters, options.WeightDecay, decoupled: kind == OptimizerKind.AdamW),
        };
        StepsPerEpoch = (_plan.BatchesPerEpoch + options.Accumulate - 1) / options.Accumulate;
        TotalSteps = options.MaxSteps ?? (long)options.Epochs * StepsPerEpoch;
        _schedule = new LearningRateSchedule(options.Schedule, (long)Math.Round(options.Warmup * TotalSteps), TotalSteps);
        if (options.CacheStates && !options.BackboneDropout && TotalSteps > StepsPerEpoch)
        {
            EncodedSplit[] oftenestFirst = _dev is null ? [_train] : [_train, _dev];
            _states = StateCache.GiveAll(model, oftenestFirst, options.EvalBatchSize, (long)options.CacheMebibytes << 20);
        }
    }

    /// <summary>Gets the number of optimiser steps in all.</summary>
    public long TotalSteps { get; }

    /// <summary>Gets how many numbers are trained.</summary>
    public long TrainableParameters => _parameters.Count;

    /// <summary>Gets the states that are kept of training and validation examples; none where every pass computes them anew.</summary>
    public IReadOnlyList<IKnownStates> KnownStates => _states;

    private int StepsPerEpoch { get; }

    /// <summary>Goes on from a checkpoint.</summary>
    /// <param name="path">Written by <see cref="Save"/>.</param>
    /// <returns>The steps that are done.</returns>
    /// <exception cref="InvalidRunException">The file is broken, or of another run.</exception>
    public long Resume(string path)
    {
        _best?.Dispose();
        (_counters, _best) = CheckpointFile.Read(path, _parameters, _optimizer, _model.Buffers(_options.BackboneDropout));
        return _counters.Step;
    }

    /// <summary>Writes a checkpoint, atomically.</summary>
    /// <param name="path">The file.</param>
    public void Save(string path)
        => CheckpointFile.Write(path, _counters with { Seconds = _counters.Seconds + _watch.Elapsed.TotalSeconds }, _parameters, _optimizer, _best, _model.Buffers(_options.BackboneDropout));

    /// <summary>Trains to the end and leaves the model in the state to keep.</summary>
    /// <param name="checkpoint">The file to write checkpoints to; null writes none.</param>
    /// <param name="report">Told after each logged step and each evaluation; may be null.</param>
    /// <param name="cancellationToken">Looked at before every step; a checkpoint is written before the exception leaves.</param>
    /// <returns>What was reached.</returns>
    /// <exception cref="OperationCanceledException">Interrupted.</exception>
    /// <exception cref="InvalidRunException">Loss or gradient is not finite.</exception>
    public TrainingResult Run(string? checkpoint, Action<TrainingEvent>? report, CancellationToken cancellationToken)
    {
        _watch.Restart();
        (double Time, long Examples) since = (0, 0);
        while (_counters.Step < TotalSteps && !IsStale())
        {
            if (cancellationToken.IsCancellationRequested)
            {
                SaveIf(checkpoint);
                cancellationToken.ThrowIfCancellationRequested();
            }

            long step = _counters.Step + 1;
            if (step > 1 && (step - 1) % StepsPerEpoch == 0)
            {
                // Before an epoch, not after the last: a checkpoint between them is of the words that its best step had, and the search is repeated alike.
                Fitting.Again(_model, (int)((step - 1) / StepsPerEpoch), _train, _options.EvalBatchSize);
            }

            (double loss, double norm, double rate, long examples) = Step(step);
            since.Examples += examples;
            _counters = _counters with { Step = step, LossSum = _counters.LossSum + loss, LossCount = _counters.LossCount + 1 };
            int epoch = (int)((step - 1) / StepsPerEpoch);
            if (step % _options.LogEvery == 0 || step == TotalSteps)
            {
                double now = _watch.Elapsed.TotalSeconds;
                double mean = _counters.LossSum / _counters.LossCount;
                _counters = _counters with { LossSum = 0, LossCount = 0, LoggedLoss = mean };
                report?.Invoke(new TrainingEvent(step, TotalSteps, epoch + 1, mean, rate, norm, since.Examples / Math.Max(1e-9, now - since.Time)));
                since = (now, 0);
            }

            bool evaluates = step == TotalSteps || step % (_options.EvaluateEvery ?? StepsPerEpoch) == 0;
            if (evaluates && _dev is not null)
            {
                double before = _watch.Elapsed.TotalSeconds;
                (Evaluation dev, bool best) = Judge(step);
                report?.Invoke(new TrainingEvent(step, TotalSteps, epoch + 1, null, rate, norm, 0, dev, best));
                since.Time += _watch.Elapsed.TotalSeconds - before; // an evaluation's time is not the training's
            }

            if (_options.CheckpointEvery is int every ? step % every == 0 : evaluates)
            {
                SaveIf(checkpoint);
            }
        }

        return Finish();
    }

    /// <summary>Frees buffers and moments. The trained tensors keep their values.</summary>
    public void Dispose()
    {
        foreach (IKnownStates states in _states)
        {
            states.Dispose();
        }

        _best?.Dispose();
        _optimizer.Dispose();
        _parameters.Dispose();
    }

    private (double Loss, double Norm, double LearningRate, long Examples) Step(long step)
    {
        _model.Train(training: true, _options.BackboneDropout);
        manual_seed(StepSeed(step)).Dispose();
        _parameters.ClearGradients();
        int[][] batches = Batches(step);
        double loss = 0;
        foreach (int[] rows in batches)
        {
            loss += Accumulate(step, rows, 1.0 / batches.Length);
        }

        double norm = GradientClip.Apply(_parameters, _options.MaxGradNorm);
        if (!double.IsFinite(norm))
        {
            throw Diverged(step, $"a gradient that is not finite (the loss is {loss:G6})", gradients: true);
        }

        double rate = _options.LearningRate * _schedule.Factor(step - 1);
        _optimizer.Step(rate);
        foreach (IStepAwareDelta delta in _model.Acting.Where(d => !d.Frozen).OfType<IStepAwareDelta>())
        {
            delta.AfterStep(step, TotalSteps);
        }

        return (loss, norm, rate, batches.Sum(b => b.Length));
    }

    // The weighted loss of one batch, whose gradients are added to those there are.
    private double Accumulate(long step, int[] rows, double weight)
    {
        using DisposeScope scope = NewDisposeScope();
        Hidden hidden = _model.Forward(_train, rows);
        Tensor loss = _targets.Loss(hidden, rows);
        foreach (IRegularizedDelta delta in _model.Acting.Where(d => !d.Frozen).OfType<IRegularizedDelta>())
        {
            loss = loss + delta.Penalty();
        }

        double value = loss.to(ScalarType.Float64).item<double>();
        if (!double.IsFinite(value))
        {
            throw Diverged(step, $"the loss {value}", gradients: false);
        }

        if (loss.requires_grad) // not where no row of the batch is routed through a part that trains
        {
            (weight == 1 ? loss : loss * weight).backward();
        }

        return value * weight;
    }

    private int[][] Batches(long step)
    {
        int epoch = (int)((step - 1) / StepsPerEpoch);
        if (_epoch.Number != epoch)
        {
            _epoch = (epoch, _plan.Epoch(epoch));
        }

        int first = (int)((step - 1) % StepsPerEpoch) * _options.Accumulate;
        return [.. _epoch.Batches.Skip(first).Take(_options.Accumulate)];
    }

    private (Evaluation Dev, bool IsBest) Judge(long step)
    {
        // An evaluation is part of its step: it is finished even when the run is being interrupted, so that a resumed run need not repeat it.
        Evaluation dev = Evaluator.Evaluate(_model, _dev!, _options.EvalBatchSize, writes: false, CancellationToken.None);
        (_counters, bool better) = BestRule.Judge(_counters, dev, step, _options.BestBy);
        if (better)
        {
            _best?.Dispose();
            _best = _options.Keep == KeepKind.Best ? KeptState.Copy(_parameters, _model.Buffers(_options.BackboneDropout)) : null;
        }

        return (dev, better);
    }

    private bool IsStale() => _options.Patience is int patience && _counters.Stale >= patience;

    private TrainingResult Finish()
    {
        double seconds = _counters.Seconds + _watch.Elapsed.TotalSeconds;
        long kept = _counters.Step;
        (double? score, double? loss) = (null, null);
        if (_options.Keep == KeepKind.Best && _best is not null)
        {
            _best.Restore(_parameters, _model.Buffers(_options.BackboneDropout));
            (kept, score, loss) = (_counters.BestStep, _counters.BestScore, _counters.BestLoss);
        }
        else if (_dev is not null)
        {
            Evaluation dev = Evaluator.Evaluate(_model, _dev, _options.EvalBatchSize, writes: false, CancellationToken.None);
            (score, loss) = (dev.Score, dev.Loss);
        }

        _model.Train(training: false, backboneDropout: false);
        return new TrainingResult(_counters.Step, kept, _counters.LoggedLoss, score, loss, seconds);
    }

    private void SaveIf(string? checkpoint)
    {
        if (checkpoint is not null)
        {
            Save(checkpoint);
        }
    }

    private long StepSeed(long step) => (long)(new SplitMix64((ulong)_seed ^ new SplitMix64((ulong)step).Next()).Next() >> 1);

    private InvalidRunException Diverged(long step, string what, bool gradients)
    {
        TrainedTensor? culprit = _parameters.FindNonFinite(gradients: false) ?? (gradients ? _parameters.FindNonFinite(gradients: true) : null);
        string where = culprit is null ? "every trained tensor is finite, so it comes from the backbone's own states" : $"the first tensor to go was {culprit}";
        return new InvalidRunException("training", $"stopped at step {step} of {TotalSteps} with {what}: {where}; a lower training.learning_rate usually helps");
    }
}
