using DeltaTune.Backbones.Graphs;
using DeltaTune.Pretraining;
using DeltaTune.Tasks;
using DeltaTune.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace DeltaTune.Backbones.Pretraining.Graphs;

/// <summary>A stage under way: its head, its optimiser, its order of items.</summary>
internal sealed class GraphStageRun : IDisposable
{
    private readonly GraphPretrainingOptions _options;
    private readonly GraphStage _stage;
    private readonly GraphNetwork _network;
    private readonly PretrainingJob _job;
    private readonly RowOrder _order;
    private readonly GraphTarget _target;
    private readonly DecoupledAdam _optimizer;
    private readonly LearningRateSchedule _schedule;
    private readonly HardBatches? _hard;
    private readonly int _index;

    public GraphStageRun(GraphPretrainingOptions options, int index, PretrainingJob job, GraphNetwork network, GraphSet set, RowOrder order)
    {
        (_options, _index, _stage, _job, _network, _order) = (options, index, options.Stages[index], job, network, order);
        First = options.Stages.Take(index).Sum(stage => stage.Steps);
        using var generator = new Generator(Seeds.Of(job.Seed, 10, index) >> 1, CPU);
        _target = Target(set, generator);
        _optimizer = new DecoupledAdam([.. network.named_parameters().Select(p => (p.name, p.parameter)), .. _target.Parameters.Select(p => ("head." + p.Name, p.Weight))],
            0.999, options.WeightDecay, options.ClipNorm);
        _schedule = new LearningRateSchedule(options.Schedule, Math.Min(options.WarmupSteps, _stage.Steps / 2), _stage.Steps);
        _hard = _stage is { BatchSampler: { } sampler, Objective: GraphObjective.Contrastive } ? new HardBatches(sampler, network, set, order, job) : null;
    }

    /// <summary>Gets the run's step that the stage begins after.</summary>
    public long First { get; }

    /// <summary>Gets the run's step that the stage ends with.</summary>
    public long Last => First + _stage.Steps;

    /// <summary>Gets what a checkpoint keeps of the stage beside the network, by name.</summary>
    public IEnumerable<(string Name, Tensor Tensor)> Tensors =>
    [
        .. _target.Parameters.Select(p => ($"head.{_index}.{p.Name}", p.Weight.detach())),
        .. _target.Buffers.Select(b => ($"head.{_index}.{b.Name}", b.Buffer)),
        .. _optimizer.State.Select(s => ($"optimizer.{_index}.{s.Name}", s.Tensor)),
        .. _hard is null ? [] : new[] { ($"sampler.{_index}", _hard.Neighbours) },
    ];

    /// <summary>Gets the learning rate of a step.</summary>
    public double Rate(long step) => _stage.LearningRate * _schedule.Factor(step - First);

    /// <summary>Takes one step.</summary>
    /// <param name="step">Steps done before it, over all stages.</param>
    /// <returns>The mean loss.</returns>
    public double Step(long step)
    {
        if (_options.Dropout > 0 || _options.InputDropout > 0)
        {
            manual_seed((long)(Seeds.Of(_job.Seed, 3, step) >> 1));
        }

        int[] items = _hard?.Draw(step - First, _options.BatchSize) ?? [.. Enumerable.Range(0, _options.BatchSize).Select(i => _order[(step * _options.BatchSize) + i])];
        _network.train();
        _target.Train(true);
        using DisposeScope scope = NewDisposeScope();
        GraphLoss loss = _target.Loss(items, new SplitMix64(Seeds.Of(_job.Seed, 2, step)));
        loss.Mean.backward();
        _optimizer.Step(Rate(step), step - First + 1);
        return loss.Mean.item<float>();
    }

    /// <summary>Measures on what is held out, with the same chances every time; NaN without any.</summary>
    public (double Loss, double Score) Measure()
    {
        using IDisposable off = no_grad();
        _network.eval();
        _target.Train(false);
        double loss = 0, score = 0, count = 0;
        int size = Math.Min(_options.BatchSize, _order.HeldOut.Count);
        for (int first = 0; size > 1 && first + size <= _order.HeldOut.Count; first += size) // whole batches: contrasts depend on their size
        {
            using DisposeScope scope = NewDisposeScope();
            GraphLoss part = _target.Loss([.. _order.HeldOut.Skip(first).Take(size)], new SplitMix64(Seeds.Of(_job.Seed, 4, _index, first)));
            loss += part.Mean.item<float>() * part.Count;
            score += part.Score * part.Count;
            count += part.Count;
        }

        return count == 0 ? (double.NaN, double.NaN) : (loss / count, score / count);
    }

    /// <summary>What the stage has reached, once it has ended.</summary>
    public GraphStageResult Result(double loss)
    {
        (double heldOut, double score) = Measure();
        return new GraphStageResult(loss, heldOut, score, _target.Chance, _target.ScoreName);
    }

    public void Dispose()
    {
        _optimizer.Dispose();
        _target.Dispose();
        _hard?.Dispose();
    }

    private GraphTarget Target(GraphSet set, Generator generator) => _stage.Objective switch
    {
        GraphObjective.AttributeMasking => new MaskingTarget(_network, (MoleculeSet)set, _job.Device, _stage, generator),
        GraphObjective.Properties => new PropertyTarget(_network, (MoleculeSet)set, _job.Device, generator),
        GraphObjective.EdgePrediction or GraphObjective.EdgeSimilarity => new EdgeTarget(_network, set, _job.Device, _stage),
        GraphObjective.ContextPrediction => new ContextTarget(_network, set, _job.Device, _options, (long)(Seeds.Of(_job.Seed, 11, _index) >> 1)),
        GraphObjective.Contrastive => new ContrastiveTarget(_network, set, _job.Device, _stage, generator, _options.BatchSize),
        _ => throw new InvalidRunException($"stages[{_index}].objective", $"must be one of the objectives, but is {_stage.Objective}"),
    };
}
