using System.Diagnostics;
using DeltaTune.Backbones.Transformers;
using DeltaTune.Batches;
using DeltaTune.Pretraining;
using DeltaTune.Text;
using DeltaTune.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace DeltaTune.Backbones.Pretraining;

/// <summary>The training loop of masked language modelling. All chance is derived from seed and step, so a resumed run repeats nothing.</summary>
internal sealed class MlmTrainer : IDisposable
{
    private static readonly ReadOut MaskLogits = new(ReadOutKind.MaskLogits);
    private readonly MlmOptions _options;
    private readonly PretrainingJob _job;
    private readonly ITokenizer _tokenizer;
    private readonly TokenCorpus _corpus;
    private readonly WordMasking _masking;
    private readonly RowOrder _order;
    private readonly MaskedTransformer _model;
    private readonly DecoupledAdam _optimizer;
    private readonly LearningRateSchedule _schedule;
    private readonly MlmFolder _folder;
    private readonly MlmState _state;
    private readonly Stopwatch _watch = new();

    public MlmTrainer(MlmOptions options, PretrainingJob job, ITokenizer tokenizer, TokenCorpus corpus)
    {
        (_options, _job, _tokenizer, _corpus) = (options, job, tokenizer, corpus);
        _masking = new WordMasking(tokenizer, options.MaskProbability, options.WholeWord);
        _order = new RowOrder(corpus.FileRows, [.. options.Corpus.Select(file => file.Weight)], options.HeldOutRows, job.Seed);
        if (_order.EpochRows == 0)
        {
            throw new InvalidRunException("corpus", "must have text to learn from, but no row is left to train on");
        }

        EncoderConfig config = MlmModel.Config(options, tokenizer);
        _model = MlmModel.Create(config, options, job.Seed, options.TokenStart == TokenStart.Noise ? null : generator => CooccurrenceEmbeddings.Of(
            corpus, [.. options.Corpus.Select(file => file.Weight)], tokenizer, options.HiddenSize, options.InitializerRange, generator));
        _model.to(job.Device);
        _model.train();
        _optimizer = new DecoupledAdam(_model, options.Beta2, options.WeightDecay, options.ClipNorm);
        _schedule = new LearningRateSchedule(options.Schedule, options.WarmupSteps, options.Steps);
        _folder = new MlmFolder(job, options, config, corpus.Key);
        _state = _folder.Resume(_model, _optimizer) ?? new MlmState();
    }

    public PretrainingProgress Run(IProgress<PretrainingProgress>? progress, CancellationToken cancellationToken)
    {
        _folder.Begin(_state.Step);
        _watch.Start();
        TimeSpan lastCheckpoint = TimeSpan.Zero, lastLog = TimeSpan.Zero;
        long lastLogStep = _state.Step;
        PretrainingProgress reached = new(_state.Step, _options.Steps, _state.LastLoss, _state.HeldOutLoss, 0, _state.Elapsed);
        while (_state.Step < _options.Steps)
        {
            if (cancellationToken.IsCancellationRequested)
            {
                Save();
                cancellationToken.ThrowIfCancellationRequested();
            }

            double loss = TakeStep();
            if (!double.IsFinite(loss))
            {
                throw new InvalidRunException("learningRate", $"is too high for this model: at step {_state.Step + 1} the loss became {loss}; "
                    + $"{_options.LearningRate} was given, a tenth of it would be safer (the last checkpoint is kept)");
            }

            _state.Add(loss);
            bool last = _state.Step == _options.Steps;
            bool measured = _order.HeldOut.Count > 0 && (last || _state.Step % _options.HeldOutSteps == 0);
            if (measured)
            {
                _state.HeldOutLoss = MeasureHeldOut();
            }

            if (last || _state.Step % _options.LogSteps == 0)
            {
                double seconds = (_watch.Elapsed - lastLog).TotalSeconds;
                double speed = (_state.Step - lastLogStep) * _options.BatchSize * _options.MaxLength / seconds;
                (lastLog, lastLogStep) = (_watch.Elapsed, _state.Step);
                reached = new(_state.Step, _options.Steps, _state.TakeMean(), measured ? _state.HeldOutLoss : null, speed, Elapsed);
                _folder.Log.Add(reached, _options.LearningRate * _schedule.Factor(_state.Step - 1));
                progress?.Report(reached);
            }

            if (!last && (_watch.Elapsed - lastCheckpoint).TotalMinutes >= _options.CheckpointMinutes)
            {
                Save();
                lastCheckpoint = _watch.Elapsed;
            }
        }

        Save();
        _folder.WriteCard(_state, Elapsed, _order.EpochRows, _tokenizer.VocabularySize, _model.parameters().Sum(p => p.numel()));
        return reached;
    }

    public void Dispose()
    {
        _optimizer.Dispose();
        _model.Dispose();
    }

    private TimeSpan Elapsed => _state.Elapsed + _watch.Elapsed;

    private void Save() => _folder.Save(_model, _optimizer, _state, Elapsed);

    // One step: the rows in passes, then the optimiser. Gives the mean loss over all predicted tokens, in nats.
    private double TakeStep()
    {
        long step = _state.Step;
        if (_options.Dropout > 0)
        {
            manual_seed((long)(Seeds.Of(_job.Seed, 3, step) >> 1));
        }

        var passes = new List<MaskedRows>();
        for (int first = 0; first < _options.BatchSize; first += _options.PassSize)
        {
            int count = Math.Min(_options.PassSize, _options.BatchSize - first), begin = first;
            int[] rows = [.. Enumerable.Range(0, count).Select(i => _order[(step * _options.BatchSize) + begin + i])];
            passes.Add(Draw(rows, i => Seeds.Of(_job.Seed, 2, step, begin + i)));
        }

        double masks = passes.Sum(pass => pass.Labels.Count), loss = 0;
        foreach (MaskedRows pass in passes)
        {
            using DisposeScope scope = NewDisposeScope();
            Tensor sum = Loss(pass) / masks; // so that gradients add up to that of the mean over the whole step
            sum.backward();
            loss += sum.item<float>();
        }

        _optimizer.Step(_options.LearningRate * _schedule.Factor(step), step + 1);
        return loss;
    }

    private double MeasureHeldOut()
    {
        using IDisposable off = no_grad();
        _model.eval();
        double loss = 0, masks = 0;
        for (int first = 0; first < _order.HeldOut.Count; first += _options.PassSize)
        {
            using DisposeScope scope = NewDisposeScope();
            int begin = first;
            int[] rows = [.. _order.HeldOut.Skip(first).Take(_options.PassSize)];
            MaskedRows pass = Draw(rows, i => Seeds.Of(_job.Seed, 4, begin + i)); // the same masks every time
            loss += Loss(pass).item<float>();
            masks += pass.Labels.Count;
        }

        _model.train();
        return loss / masks;
    }

    private MaskedRows Draw(int[] rows, Func<int, ulong> seedOf)
        => MaskedRows.Draw(_corpus, rows, _options.MaxLength, _tokenizer.Special.Pad ?? 0, _masking, seedOf);

    // The summed loss of a pass, in nats.
    private Tensor Loss(MaskedRows pass)
    {
        (TextBatch batch, Tensor labels) = pass.ToTensors(_job.Device);
        Tensor scores = _model.Read(_model.Run(batch, MaskLogits.Kind), MaskLogits); // [masks, vocab]
        return nn.functional.cross_entropy(scores, labels, reduction: nn.Reduction.Sum);
    }
}
