using DeltaTune.Backbones;
using DeltaTune.Host.Options;
using DeltaTune.Host.Training;
using DeltaTune.Tasks;
using Newtonsoft.Json;
using Newtonsoft.Json.Linq;
using static TorchSharp.torch;

namespace DeltaTune.Host.Runs;

/// <summary>Carries a run out: prepares, trains, scores the test split once, writes the folder.</summary>
/// <param name="composer">Makes the parts.</param>
/// <param name="saved">Writes what was trained.</param>
internal sealed class Runner(RunComposer composer, SavedRun saved)
{
    /// <summary>Runs from the file to the finished folder.</summary>
    /// <param name="spec">The run.</param>
    /// <param name="path">The folder.</param>
    /// <param name="device">What to compute on.</param>
    /// <param name="resume">Whether an interrupted run is gone on with.</param>
    /// <param name="force">Whether an existing run's files are replaced.</param>
    /// <param name="observer">Watches.</param>
    /// <param name="cancellationToken">Looked at before every step.</param>
    /// <returns>What was reached.</returns>
    /// <exception cref="InvalidRunException">The run or the folder is wrong, training diverged, or a file cannot be written.</exception>
    /// <exception cref="OperationCanceledException">Interrupted; the folder is resumable.</exception>
    public RunMetrics Run(RunSpec spec, string path, Device device, bool resume, bool force, IRunObserver observer, CancellationToken cancellationToken)
    {
        using PreparedRun run = composer.Prepare(spec);
        foreach (string warning in run.Task.Warnings)
        {
            observer.Say(warning);
        }

        RunFolder folder = RunFolder.Create(path, spec.Resolved, resume, force);
        if (folder.IsComplete)
        {
            observer.Say($"'{path}' holds the finished run already; nothing is left to do.");
            return folder.ReadMetrics();
        }

        using Backbone backbone = RunComposer.Load(run, device);
        try
        {
            return Run(run, backbone, folder, device, observer, cancellationToken);
        }
        catch (Exception cause) when (cause is IOException or UnauthorizedAccessException)
        {
            throw new InvalidRunException(path, $"could not be written to: {cause.Message}; what was there before is whole, and --resume goes on when there is room", cause);
        }
        finally
        {
            run.Dispose(); // before the backbone: the deltas leave it as it was
        }
    }

    /// <summary>Trains a prepared run on a backbone that is there, and writes its folder.</summary>
    /// <param name="run">Prepared, used once. Its deltas are on the backbone until it is disposed.</param>
    /// <param name="backbone">Without deltas.</param>
    /// <param name="folder">New or resumable.</param>
    /// <param name="device">Where the backbone is.</param>
    /// <param name="observer">Watches.</param>
    /// <param name="cancellationToken">Looked at before every step.</param>
    /// <returns>What was reached.</returns>
    public RunMetrics Run(PreparedRun run, Backbone backbone, RunFolder folder, Device device, IRunObserver observer, CancellationToken cancellationToken)
    {
        RunSpec spec = run.Spec;
        long inBackbone = backbone.parameters().Sum(p => p.numel());
        TuningModel model = Begin(run, backbone, folder, device);
        using var trainer = new Trainer(model, spec.Training, spec.Seed, run.Soft?.Examples ?? run.Train, run.Dev, run.Soft?.Probabilities);
        long total = Total(model, inBackbone);
        long done = 0;
        if (File.Exists(folder.Checkpoint))
        {
            done = trainer.Resume(folder.Checkpoint);
        }

        folder.TruncateLog(done);
        if (trainer.KnownStates is [var known, ..])
        {
            string where = known.Depth == backbone.Description.Layers ? "the last layer gives" : $"enters layer {known.Depth} of {backbone.Description.Layers}, counted from 0,";
            observer.Say($"What {where} is computed once an example and kept, in {trainer.KnownStates.Sum(s => s.Bytes) >> 20} MiB for {trainer.KnownStates.Sum(s => s.Rows)} of {(run.Soft?.Examples.Count ?? run.Train.Count) + run.Dev.Count} examples.");
        }

        observer.Started(new RunPlan(spec.Name, trainer.TrainableParameters, total, run.Soft?.Examples.Count ?? run.Train.Count, run.Dev.Count, done, trainer.TotalSteps, device.ToString()));
        TrainingResult trained = trainer.Run(
            folder.Checkpoint,
            reached =>
            {
                folder.Log(reached);
                observer.Reached(reached);
            },
            cancellationToken);

        saved.Write(model, spec, folder);
        RunMetrics metrics = Untrained(model, spec, Score(model, run, folder, cancellationToken), total) with
        {
            DevScore = Finite(trained.DevScore),
            Loss = Finite(trained.Loss),
            TrainableParameters = trainer.TrainableParameters,
            Seconds = Math.Round(trained.Seconds, 3),
            Steps = trained.Steps,
            BestStep = trained.BestStep,
        };
        folder.Complete(metrics);
        return metrics;
    }

    /// <summary>Scores a prepared run as it is, trained by nothing, and writes its folder: the zero-shot row of a comparison.</summary>
    /// <param name="run">Prepared, used once.</param>
    /// <param name="backbone">Without deltas.</param>
    /// <param name="folder">New or resumable.</param>
    /// <param name="device">Where the backbone is.</param>
    /// <param name="cancellationToken">Looked at before every batch.</param>
    /// <returns>What was reached.</returns>
    public RunMetrics ScoreOnly(PreparedRun run, Backbone backbone, RunFolder folder, Device device, CancellationToken cancellationToken)
    {
        TuningModel model = Begin(run, backbone, folder, device);
        Evaluation? dev = run.Dev.Count == 0 ? null : Evaluator.Evaluate(model, model.Encode(run.Dev), run.Spec.Training.EvalBatchSize, writes: false, cancellationToken);
        saved.Write(model, run.Spec, folder);
        Evaluation? test = Score(model, run, folder, cancellationToken);
        RunMetrics metrics = Untrained(model, run.Spec, test, Total(model, backbone.parameters().Sum(p => p.numel()))) with { DevScore = Finite(dev?.Score) };
        folder.Complete(metrics);
        return metrics;
    }

    private static TuningModel Begin(PreparedRun run, Backbone backbone, RunFolder folder, Device device)
    {
        if (run.Test.IsOpen)
        {
            throw new InvalidOperationException("a run whose test split was read must not train or choose any more");
        }

        TuningModel model = RunComposer.Bind(run, backbone, device);
        RunComposer.Fit(model, run.Spec, run.Train);
        folder.Begin();
        return model;
    }

    private static RunMetrics Untrained(TuningModel model, RunSpec spec, Evaluation? test, long total) => new()
    {
        Metric = model.Task.Metric,
        Score = Finite(test?.Score),
        TestLoss = Finite(test?.Loss),
        Metrics = test?.Metrics,
        TrainableParameters = 0,
        TotalParameters = total,
        Seconds = 0,
        Seed = spec.Seed,
        Steps = 0,
        BestStep = 0,
        PeakBytes = PeakMemory.Bytes(),
        Device = model.Device.ToString(),
        BackboneFingerprint = model.Backbone.Fingerprint,
    };

    // The test split is read here and nowhere else: after everything is chosen.
    private static Evaluation? Score(TuningModel model, PreparedRun run, RunFolder folder, CancellationToken cancellationToken)
    {
        Evaluation? test = null;
        var lines = new List<string>();
        foreach (string name in run.Spec.Evaluation.Splits.Distinct(StringComparer.OrdinalIgnoreCase))
        {
            if (!Enum.TryParse(name, ignoreCase: true, out Split split))
            {
                throw new InvalidRunException("evaluation.splits", $"must name splits, which are train, dev and test, but has '{name}'");
            }

            IReadOnlyList<Example> examples = split switch { Split.Train => run.Train, Split.Dev => run.Dev, _ => run.Test.Open() };
            if (examples.Count == 0)
            {
                continue;
            }

            Evaluation scored = Evaluator.Evaluate(model, model.Encode(examples), run.Spec.Training.EvalBatchSize, run.Spec.Evaluation.Texts, cancellationToken);
            test = split == Split.Test ? scored : test;
            lines.AddRange(examples.Select((e, i) => model.LearnsTexts ? TextLine(e, scored, i, name)
                : scored.Ranks is { } ranks ? PredictionFile.Line(model.Task.NodeNames, e, name, ranks[i])
                : PredictionLine(model.Task, e, scored.Scores[i], name)));
        }

        if (run.Spec.Evaluation.Predictions)
        {
            folder.Write(PredictionFile.Name, string.Concat(lines.Select(l => l + "\n")));
        }

        return test;
    }

    private static string PredictionLine(ITask task, Example example, float[] scores, string split)
        => task.Labels == LabelKind.Class
            ? PredictionFile.Line(task.Classes, example.Id, example.Label, split, Array.IndexOf(scores, scores.Max()), new JArray(scores))
            : PredictionFile.Line(task.Classes, example, split, scores);

    private static string TextLine(Example example, Evaluation scored, int row, string split)
    {
        var line = new JObject
        {
            ["id"] = example.Id,
            ["split"] = split,
            ["targets"] = new JArray(example.Targets),
            ["log_probability"] = scored.Scores[row][0],
        };
        if (scored.Texts is not null)
        {
            line["text"] = scored.Texts[row];
        }

        return line.ToString(Formatting.None);
    }

    // What trains and is not the backbone's own counts on top of it.
    private static long Total(TuningModel model, long inBackbone)
        => inBackbone
            + model.Deltas.SelectMany(d => d.Effects).SelectMany(e => e.parameters()).Sum(p => p.numel())
            + (model.Composite?.OwnParameters().Sum(p => p.Value.numel()) ?? 0)
            + model.Template.parameters().Sum(p => p.numel())
            + model.Verbalizer.parameters().Sum(p => p.numel());

    private static double? Finite(double? value) => value is double number && double.IsFinite(number) ? number : null;
}
