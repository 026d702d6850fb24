using DeltaTune.Host.Options;
using DeltaTune.Host.Runs;
using DeltaTune.Host.Tests.Options;
using DeltaTune.Host.Training;
using DeltaTune.Tasks;
using Newtonsoft.Json.Linq;
using TorchSharp;
using static TorchSharp.torch;

namespace DeltaTune.Host.Tests.Runs;

[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
internal sealed class RunnerTests : IDisposable
{
    private readonly TinyRun _run = new();

    public void Dispose() => _run.Dispose();

    [Test]
    public void Run_OnATinyTask_LowersTheLossAndWritesAllFiles()
    {
        List<double> losses = [];

        RunMetrics metrics = _run.Run("out", new TinyRun.Watcher(r => losses.AddRange(r.Loss is double loss ? [loss] : Array.Empty<double>())));

        Assert.That(losses, Has.Count.EqualTo(24)); // 4 epochs of 6 batches
        Assert.That(losses[^4..].Average(), Is.LessThan(0.8 * losses[..4].Average()));
        Assert.That(metrics.TrainableParameters, Is.EqualTo(2 * 2 * 2 * 4 * 32)); // layers, q and v, A and B, rank, hidden
        Assert.That(metrics.Score, Is.GreaterThan(0.7));
        Assert.That(
            Directory.EnumerateFileSystemEntries(_run.In("out")).Select(Path.GetFileName).Order(StringComparer.Ordinal),
            Is.EqualTo(new[] { "adapter_config.json", "adapter_model.safetensors", "metrics.json", "metrics.jsonl", "predictions.jsonl", "prompt.json", "prompt.safetensors", "run.json" }));
    }

    [Test]
    public void Run_WithoutTemplateFile_WritesARunFileThatTheSchemaTakes()
    {
        _run.Run("out");

        JObject written = JObject.Parse(File.ReadAllText(RunFolder.Open(_run.In("out")).RunFile));
        Assert.That(written["template"]!["file"]!.Type, Is.EqualTo(JTokenType.Null));
        Assert.That(new SchemaChecker(new SchemaWriter(_run.Catalog.All).Write()).Check(written), Is.Empty);
    }

    [Test]
    public void Spec_WithRelativePaths_HoldsThoseOfTheRunFilesFolder()
    {
        File.WriteAllText(_run.In("templates.txt"), "{\"placeholder\": \"text_a\"} {\"mask\"}\n");

        JObject resolved = _run.Spec("task.data=data", "backbone.path=bert", "template={\"type\": \"manual\", \"file\": \"templates.txt\"}").Resolved;

        Assert.That((string?)resolved.SelectToken("task.data"), Is.EqualTo(_run.In("data")));
        Assert.That((string?)resolved.SelectToken("backbone.path"), Is.EqualTo(_run.In("bert")));
        Assert.That((string?)resolved.SelectToken("template.file"), Is.EqualTo(_run.In("templates.txt")));
    }

    [Test]
    public void Spec_WithACorpus_HoldsTheAbsolutePathOfEachFile()
    {
        JObject resolved = _run.Spec("pretraining={\"type\": \"mlm\", \"corpus\": [{\"path\": \"data/train.tsv\"}, {\"path\": \"data/none.txt\"}]}").Resolved;

        Assert.That(resolved.SelectTokens("pretraining.corpus[*].path").Select(p => (string?)p), Is.EqualTo(new[] { _run.In("data/train.tsv"), _run.In("data/none.txt") }));
    }

    [Test]
    public void Run_FromBeginningToEnd_LeavesNoTensorBehind()
    {
        _run.Run("first"); // what is made once, is made now
        long before = DisposeScopeManager.Statistics.ThreadTotalLiveCount;
        List<long> during = [];

        _run.Run("second", new TinyRun.Watcher(r => during.AddRange(r.Loss is null ? [] : [DisposeScopeManager.Statistics.ThreadTotalLiveCount])));

        Assert.That(DisposeScopeManager.Statistics.ThreadTotalLiveCount, Is.EqualTo(before));
        Assert.That(during[2..].Distinct().Count(), Is.LessThanOrEqualTo(2), "live tensors do not grow with the steps"); // the best copy is there or not
    }

    [Test]
    public void Run_KilledAndResumed_GivesTheNumbersOfAnUninterruptedRun()
    {
        RunMetrics whole = _run.Run("whole");
        var kill = new TinyRun.Watcher(r => _ = r.Step == 13 ? throw new NotImplementedException("killed") : 0);

        Assert.That(() => _run.Run("killed", kill), Throws.TypeOf<NotImplementedException>());
        RunMetrics resumed = _run.Run("killed", resume: true);

        AssertSame(whole, resumed, "killed");
    }

    [Test]
    public void Run_Interrupted_FinishesTheStepAndResumesWithTheSameNumbers()
    {
        RunMetrics whole = _run.Run("whole");
        using var source = new CancellationTokenSource();

        Assert.That(
            () => _run.Run("stopped", new TinyRun.Watcher(r => { if (r.Step == 8) { source.Cancel(); } }), token: source.Token),
            Throws.InstanceOf<OperationCanceledException>());
        Assert.That(File.ReadLines(Path.Combine(_run.In("stopped"), "metrics.jsonl")).Count(), Is.EqualTo(9)); // 8 steps and one evaluation
        Assert.That(File.Exists(Path.Combine(_run.In("stopped"), "metrics.json")), Is.False);
        RunMetrics resumed = _run.Run("stopped", resume: true);

        AssertSame(whole, resumed, "stopped");
    }

    [TestCase("deltas[0]={\"type\": \"lora\", \"name\": \"default\", \"rank\": 4}", "verbalizer={\"type\": \"manual\"}")]
    [TestCase("deltas[0]={\"type\": \"adapter\", \"name\": \"other\"}", "verbalizer={\"type\": \"manual\"}")]
    [TestCase("deltas[0]={\"type\": \"lora\", \"name\": \"default\"}", "verbalizer={\"type\": \"head\"}")]
    [TestCase("deltas=[]", "verbalizer={\"type\": \"linear\"}")]
    [TestCase("deltas[1]={\"type\": \"bitfit\", \"name\": \"second\"}", "verbalizer={\"type\": \"manual\"}")]
    public void Load_OfAFinishedRun_ScoresAsTheRunDid(string deltas, string verbalizer)
    {
        _run.Run("out", sets: [deltas, verbalizer]);
        RunFolder folder = RunFolder.Open(_run.In("out"));
        using Predictor predictor = Predictor.Load(_run.Composer, _run.Saved, _run.SpecOf(folder), folder, CPU, force: false);
        var lines = new InputLines(predictor.Fields, "test.tsv");
        Example[] examples = [.. File.ReadLines(_run.In("data/test.tsv")).Select((line, i) => lines.Parse(line.Split('\t')[1], i + 1))];

        float[][] scores = predictor.Score(examples, CancellationToken.None);

        float[][] own = [.. File.ReadLines(Path.Combine(folder.Path, "predictions.jsonl")).Select(l => JObject.Parse(l)["scores"]!.ToObject<float[]>()!)];
        Assert.That(own, Has.Length.EqualTo(24));
        Assert.That(scores.SelectMany(s => s), Is.EqualTo(own.SelectMany(s => s)).Within(1e-5)); // float32
    }

    [Test]
    public void Load_OntoAnotherBackbone_IsRefusedUnlessForced()
    {
        _run.Run("out");
        RunFolder folder = RunFolder.Open(_run.In("out"));
        new Benchmarks.RandomBert(Layers: 2, Hidden: 32, Heads: 4, Vocabulary: 64, Positions: 32).Write(_run.In("bert"), dropout: 0.1, seed: 8, ["great", "terrible", "it", "was", "."]);

        Assert.That(
            () => Predictor.Load(_run.Composer, _run.Saved, _run.SpecOf(folder), folder, CPU, force: false).Dispose(),
            Throws.TypeOf<InvalidRunException>().With.Message.Contains("was trained on another backbone"));
        Assert.That(() => Predictor.Load(_run.Composer, _run.Saved, _run.SpecOf(folder), folder, CPU, force: true).Dispose(), Throws.Nothing);
    }

    [Test]
    public void Run_WithAnImpossibleLearningRate_NamesStepAndTensor()
        => Assert.That(
            () => _run.Run("out", sets: ["training.learning_rate=1e30", "training.warmup=0"]),
            Throws.TypeOf<InvalidRunException>().With.Message.Match("^training stopped at step [2-9] of 24 with .*: (the first tensor to go was 'layers\\..*' of delta 'default'|every trained tensor is finite, .*); a lower training.learning_rate usually helps$"));

    [Test]
    public void Run_WithNothingToTrain_SaysSo()
        => Assert.That(
            () => _run.Run("out", sets: ["deltas=[]"]),
            Throws.TypeOf<InvalidRunException>().With.Message.StartsWith("deltas must train something, but neither a delta nor template nor verbalizer has a trainable parameter"));

    [Test]
    public void Run_OverVariants_BringsTheBackboneBackBitForBit()
    {
        ComparisonCell[] cells =
        [
            new("zero-shot", _run.Spec("deltas=[]", "training.epochs=1")),
            new("full", _run.Spec("deltas=[{\"type\": \"full\"}]", "training.epochs=1", "training.learning_rate=0.001")),
            new("zero-shot again", _run.Spec("deltas=[]", "training.epochs=1")),
        ];

        IReadOnlyList<ComparisonRow> rows = new Comparison(_run.Composer, new Runner(_run.Composer, _run.Saved))
            .Run(cells, _run.In("compare"), CPU, new TinyRun.Watcher(_ => { }), CancellationToken.None);

        Assert.That(rows.Select(r => r.Variant), Is.EqualTo(new[] { "zero-shot", "full", "zero-shot again" }));
        Assert.That(rows[2].Score, Is.EqualTo(rows[0].Score));
        JObject Metrics(string cell) => JObject.Parse(File.ReadAllText(Path.Combine(_run.In("compare"), cell, "metrics.json")));
        Assert.That((double)Metrics("zero-shot-again-3")["test_loss"]!, Is.EqualTo((double)Metrics("zero-shot-3")["test_loss"]!));
        Assert.That((double)Metrics("full-3")["test_loss"]!, Is.Not.EqualTo((double)Metrics("zero-shot-3")["test_loss"]!));
    }

    private void AssertSame(RunMetrics whole, RunMetrics resumed, string name)
    {
        Assert.That(resumed with { Seconds = 0, PeakBytes = 0 }, Is.EqualTo(whole with { Seconds = 0, PeakBytes = 0 }));
        Assert.That(Log(name), Is.EqualTo(Log("whole")));
        Assert.That(
            File.ReadAllBytes(Path.Combine(_run.In(name), "adapter_model.safetensors")),
            Is.EqualTo(File.ReadAllBytes(Path.Combine(_run.In("whole"), "adapter_model.safetensors"))));
    }

    private string[] Log(string name) => [.. File.ReadLines(Path.Combine(_run.In(name), "metrics.jsonl")).Select(line =>
    {
        JObject entry = JObject.Parse(line);
        entry.Remove("examples_per_second");
        return entry.ToString();
    })];
}
