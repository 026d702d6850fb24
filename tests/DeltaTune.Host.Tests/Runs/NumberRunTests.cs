using System.Globalization;
using DeltaTune.Host.Runs;
using DeltaTune.Host.Training;
using DeltaTune.Prompts;
using DeltaTune.Tasks;
using Newtonsoft.Json.Linq;
using TorchSharp;
using static TorchSharp.torch;

namespace DeltaTune.Host.Tests.Runs;

/// <summary>Runs that learn numbers, whatever their unit.</summary>
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
internal sealed class NumberRunTests : IDisposable
{
    private static readonly string[] s_smiles = ["CCO", "CCC", "CCCO", "CCCC", "OCCO", "NCCN", "C1CCO1", "C1CCN1", "CC(C)O", "CC(C)C"];
    private readonly TinyRun _run = new();

    [SetUp]
    public void Describe()
    {
        File.WriteAllLines(_run.In("split.tsv"), Enumerable.Range(0, 48).Select(i => $"{(i < 32 ? "train" : i < 40 ? "dev" : "test")}\t{i}"));
        _run.File["task"] = new JObject { ["type"] = "molecules", ["data"] = _run.In("set.csv"), ["split_file"] = _run.In("split.tsv"), ["labels"] = new JArray("y"), ["metric"] = "rmse" };
        _run.File["backbone"] = new JObject { ["type"] = "gin", ["seed"] = 1, ["layers"] = 2, ["hidden_size"] = 16 };
        _run.File["template"] = new JObject { ["type"] = "graph" };
        _run.File["verbalizer"] = new JObject { ["type"] = "head" };
        _run.File["deltas"] = new JArray(new JObject { ["type"] = "bitfit", ["name"] = "default" });
        _run.File["training"] = new JObject { ["learning_rate"] = 0.01, ["epochs"] = 5, ["batch_size"] = 8 };
    }

    public void Dispose() => _run.Dispose();

    // Labels a·y + b have the standard form of the labels y: the same training, whose answers are a·answer + b and whose error is a times as large, the loss in variances the same.
    [Test]
    public void Run_LabelsInAnotherUnit_GivesTheSameAnswersInIt()
    {
        Label(1, 0);
        RunMetrics plain = _run.Run("plain");
        double[] answers = Answers("plain");
        Label(64, 1024); // powers of two: scaling rounds nothing
        RunMetrics scaled = _run.Run("scaled");

        Assert.That(scaled.Score, Is.EqualTo(64 * plain.Score).Within(0.1).Percent); // float32 over 20 steps
        Assert.That(scaled.TestLoss, Is.EqualTo(plain.TestLoss).Within(0.1).Percent);
        Assert.That(Answers("scaled").Zip(answers, (s, p) => s - ((64 * p) + 1024)), Has.All.EqualTo(0).Within(0.05)); // of answers about 1000
    }

    // The linear head starts near zero, so that before training the answer is near the mean of the training labels: far nearer than 0 is.
    [Test]
    public void Run_LabelsFarFromZero_StartsAtTheirMean()
    {
        Label(1, 1000);

        RunMetrics metrics = _run.Run("out", sets: "training.max_steps=1");

        Assert.That(metrics.Score, Is.LessThan(5)); // about 1000 for whoever answers 0
    }

    [Test]
    public void Predictor_OfARunOfNumbers_AnswersInTheirUnit()
    {
        Label(64, 1024);
        _run.Run("out");
        double[] expected = Answers("out");

        RunFolder folder = RunFolder.Open(_run.In("out"));
        using Predictor predictor = Predictor.Load(_run.Composer, _run.Saved, _run.SpecOf(folder), folder, CPU, force: false);
        float[][] actual = predictor.Score(
            [.. Enumerable.Range(40, 8).Select(i => new Example { Id = $"{i}", Fields = new Dictionary<string, string> { ["smiles"] = s_smiles[i % s_smiles.Length] } })], CancellationToken.None);

        Assert.That(actual.Select(a => (double)a[0]), Is.EqualTo(expected).Within(1e-2)); // of answers about 1000, in float32
    }

    [Test]
    public void Run_Resumed_GivesTheSameNumbers()
    {
        Label(3, 7);
        using var stop = new CancellationTokenSource();
        RunMetrics whole = _run.Run("whole");
        Assert.Throws<OperationCanceledException>(() => _run.Run("parts", new TinyRun.Watcher(e => Cancel(stop, e)), token: stop.Token));

        RunMetrics resumed = _run.Run("parts", resume: true);

        Assert.That((resumed.Score, resumed.DevScore), Is.EqualTo((whole.Score, whole.DevScore)));
    }

    [Test]
    public void Standardise_ThenRestore_GivesKnownLabelsBack()
    {
        using DisposeScope scope = NewDisposeScope();
        Label(1, 0);
        using PreparedRun run = _run.Composer.Prepare(_run.Spec("task.labels=[\"y\",\"z\"]"));
        using Backbones.Backbone backbone = RunComposer.Load(run, CPU);
        Verbalizer verbalizer = RunComposer.Bind(run, backbone, CPU).Verbalizer;
        NumberScale scale = NumberScale.Of(verbalizer)!;
        float[][] train = [.. run.Train.Select(e => e.Values.ToArray())];
        (double mean, double deviation) = Moments([.. train.Select(v => (double)v[0])]);
        (double meanOfKnown, double deviationOfKnown) = Moments([.. train.Select(v => (double)v[1]).Where(v => !double.IsNaN(v))]);
        Tensor labels = tensor([2f, 4, 6, float.NaN], [2L, 2]);

        Tensor standard = scale.Standardise(labels);
        Tensor restored = scale.Restore(standard);

        double[] expected = [(2 - mean) / deviation, (4 - meanOfKnown) / deviationOfKnown, (6 - mean) / deviation, double.NaN];
        Assert.That(Numbers(standard), Is.EqualTo(expected).Within(1e-5));
        Assert.That(Numbers(restored), Is.EqualTo(new[] { 2, 4, 6, double.NaN }).Within(1e-5));
        run.Dispose(); // before the backbone: the deltas leave it as it was
    }

    private static double[] Numbers(Tensor values)
    {
        using var read = values.flatten().data<float>();
        return [.. read.ToArray().Select(v => (double)v)];
    }

    private static (double Mean, double Deviation) Moments(double[] values) => (values.Average(), Math.Sqrt(values.Average(v => v * v) - (values.Average() * values.Average())));

    private static void Cancel(CancellationTokenSource stop, TrainingEvent reached)
    {
        if (reached.Dev is not null)
        {
            stop.Cancel();
        }
    }

    private double[] Answers(string folder)
        => [.. File.ReadLines(Path.Combine(_run.In(folder), "predictions.jsonl")).Select(JObject.Parse).Where(l => (string)l["split"]! == "test").Select(l => (double)l["outputs"]!["y"]!)];

    // y goes by the number of oxygens and the length; z lacks a label in every third row.
    private void Label(double factor, double shift)
        => File.WriteAllLines(_run.In("set.csv"), ["smiles,y,z", .. Enumerable.Range(0, 48).Select(i => string.Create(
            CultureInfo.InvariantCulture, $"{s_smiles[i % s_smiles.Length]},{(factor * (s_smiles[i % s_smiles.Length].Count(c => c == 'O') - (0.25 * s_smiles[i % s_smiles.Length].Length))) + shift},{(i % 3 == 0 ? "" : i)}"))]);
}
