using System.Diagnostics;
using DeltaTune.Backbones.Graphs;
using DeltaTune.Pretraining;
using TorchSharp;

namespace DeltaTune.Backbones.Pretraining.Graphs;

/// <summary>The training loop over all stages. All chance is derived from seed and step, so a resumed run repeats nothing.</summary>
internal sealed class GraphPretrainer : IDisposable
{
    private readonly GraphPretrainingOptions _options;
    private readonly PretrainingJob _job;
    private readonly GraphSet _set;
    private readonly RowOrder _order;
    private readonly GraphNetwork _network;
    private readonly GraphPretrainingFolder _folder;
    private readonly GraphState _state;
    private readonly Stopwatch _watch = new();
    private readonly double _before; // seconds of earlier parts of the run
    private GraphStageRun? _stage;

    public GraphPretrainer(GraphPretrainingOptions options, PretrainingJob job, GraphSet set)
    {
        (_options, _job, _set) = (options, job, set);
        _order = new RowOrder([set.Graphs.Count], [1], options.HeldOut, job.Seed);
        _network = FreshNetwork.Draw(options, set.Features, job.Seed);
        _network.to(job.Device);
        _folder = new GraphPretrainingFolder(job, options, set);
        _state = _folder.ReadState() ?? new GraphState();
        _before = _state.ElapsedSeconds;
        if (_state.Step > 0)
        {
            _stage = StageAt(Math.Min(_state.Step, Steps - 1));
            _folder.ReadTensors(_network, _stage.First < _state.Step ? _stage.Tensors : []);
        }
    }

    private long Steps => _options.Stages.Sum(stage => stage.Steps);

    private double Elapsed => _before + _watch.Elapsed.TotalSeconds;

    public PretrainingProgress Run(IProgress<PretrainingProgress>? progress, CancellationToken cancellationToken)
    {
        _folder.Log.CutAfter(_state.Step);
        _watch.Start();
        TimeSpan lastCheckpoint = TimeSpan.Zero, lastLog = TimeSpan.Zero;
        long lastLogStep = _state.Step;
        PretrainingProgress reached = new(_state.Step, Steps, _state.LastLoss, _state.HeldOutLoss, 0, TimeSpan.FromSeconds(Elapsed));
        while (_state.Step < Steps)
        {
            if (cancellationToken.IsCancellationRequested)
            {
                Save();
                cancellationToken.ThrowIfCancellationRequested();
            }

            Go();
            bool last = _state.Step == _stage!.Last, measured = _order.HeldOut.Count > 1 && (last || _state.Step % _options.HeldOutSteps == 0);
            if (measured)
            {
                _state.HeldOutLoss = _stage.Measure().Loss;
            }

            if (last || _state.Step % _options.LogSteps == 0)
            {
                double speed = (_state.Step - lastLogStep) * _options.BatchSize / (_watch.Elapsed - lastLog).TotalSeconds;
                (lastLog, lastLogStep) = (_watch.Elapsed, _state.Step);
                reached = new(_state.Step, Steps, _state.TakeMean(), measured ? _state.HeldOutLoss : null, speed, TimeSpan.FromSeconds(Elapsed));
                _folder.Log.Add(reached, _stage.Rate(_state.Step - 1));
                progress?.Report(reached);
            }

            if (last)
            {
                _state.Results.Add(_stage.Result(_state.LastLoss));
            }

            if (last || (_watch.Elapsed - lastCheckpoint).TotalMinutes >= _options.CheckpointMinutes)
            {
                Save();
                lastCheckpoint = _watch.Elapsed;
            }
        }

        _folder.WriteCard(_state, _network.parameters().Sum(p => p.numel()), _order);
        return reached;
    }

    public void Dispose()
    {
        _stage?.Dispose();
        _network.Dispose();
    }

    private void Go()
    {
        if (_stage is null || _stage.Last <= _state.Step)
        {
            _stage?.Dispose();
            _stage = StageAt(_state.Step);
        }

        double loss = _stage.Step(_state.Step);
        if (!double.IsFinite(loss))
        {
            throw new InvalidRunException("stages", $"have a learning rate that is too high: at step {_state.Step + 1} the loss became {loss}; a tenth of it would be safer (the last checkpoint is kept)");
        }

        _state.Step++;
        _state.LossSum += loss;
        _state.LossSteps++;
    }

    private GraphStageRun StageAt(long step)
    {
        int index = 0;
        for (long end = _options.Stages[0].Steps; end <= step; end += _options.Stages[index].Steps)
        {
            index++;
        }

        return new GraphStageRun(_options, index, _job, _network, _set, _order);
    }

    private void Save()
    {
        _state.ElapsedSeconds = Elapsed;
        _folder.Save(_network, _stage is not null && _stage.Last > _state.Step ? _stage.Tensors : [], _state);
    }
}
