using DeltaTune.Backbones;
using DeltaTune.Host.Runs;
using DeltaTune.Host.Tests.Runs;
using DeltaTune.Host.Training;
using DeltaTune.Tasks;
using Newtonsoft.Json.Linq;
using TorchSharp;
using static TorchSharp.torch;

namespace DeltaTune.Host.Tests.Training;

/// <summary>Pooled vectors that are kept give the numbers of computed ones, and are kept only where they stay the same.</summary>
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
internal sealed class PooledCacheTests : IDisposable
{
    private const double Rounding = 5e-6; // float32: the same sums in batches of other graphs, over 20 steps
    private static readonly string[] s_smiles = ["CCO", "CCC", "CCCO", "CCCC", "OCCO", "NCCN", "C1CCO1", "C1CCN1", "CC(C)O", "CC(C)C"];
    private readonly TinyRun _run = new();

    [SetUp]
    public void Describe()
    {
        File.WriteAllLines(_run.In("set.csv"), ["smiles,y", .. Enumerable.Range(0, 48).Select(i => $"{s_smiles[i % s_smiles.Length]},{(s_smiles[i % s_smiles.Length].Contains('O') ? 1 : 0)}")]);
        File.WriteAllLines(_run.In("split.tsv"), Enumerable.Range(0, 48).Select(i => $"{(i < 32 ? "train" : i < 40 ? "dev" : "test")}\t{i}"));
        _run.File["task"] = new JObject { ["type"] = "molecules", ["data"] = _run.In("set.csv"), ["split_file"] = _run.In("split.tsv"), ["labels"] = new JArray("y") };
        _run.File["backbone"] = new JObject { ["type"] = "gin", ["seed"] = 1, ["layers"] = 2, ["hidden_size"] = 16 };
        _run.File["template"] = new JObject { ["type"] = "graph" };
        _run.File["verbalizer"] = new JObject { ["type"] = "head" };
        _run.File["deltas"] = new JArray();
        _run.File["training"] = new JObject { ["learning_rate"] = 0.05, ["optimizer"] = "sgd", ["epochs"] = 5, ["batch_size"] = 8, ["log_every"] = 1 }; // Adam would blow rounding up
    }

    public void Dispose() => _run.Dispose();

    [TestCase("mean", "head")]
    [TestCase("sum", "linear")]
    [TestCase("attention", "head")]
    [TestCase("set2set", "head")]
    public void Run_WithVectorsKept_HasTheLossesOfARunWithout(string pooling, string verbalizer)
    {
        string[] sets = [$"backbone.pooling={pooling}", $"verbalizer={{\"type\": \"{verbalizer}\"}}"];

        (List<double> kept, RunMetrics with) = Losses("with", sets);
        (List<double> computed, RunMetrics without) = Losses("without", [.. sets, "training.cache_states=false"]);

        Assert.That(kept, Has.Count.EqualTo(20));
        Assert.That(kept, Is.EqualTo(computed).Within(Rounding));
        Assert.That(with.TestLoss, Is.EqualTo(without.TestLoss).Within(Rounding));
    }

    [TestCase("deltas=[]", true)]
    [TestCase("""deltas=[{"type": "lora", "sites": "layers[1].conv.mlp.0"}]""", false)]
    [TestCase("""deltas=[{"type": "bitfit"}]""", false)]
    [TestCase("""template={"type": "gpf"}""", false)]
    [TestCase("training.backbone_dropout=true", false)]
    public void Trainer_OnlyWhereNothingActs_KeepsVectors(string set, bool expected)
    {
        using PreparedRun run = _run.Composer.Prepare(_run.Spec(set));
        using Backbone backbone = RunComposer.Load(run, CPU);
        TuningModel model = RunComposer.Bind(run, backbone, CPU);
        using (var trainer = new Trainer(model, run.Spec.Training, 1, run.Train, run.Dev))
        {
            Assert.That(trainer.KnownStates.Select(k => (k.GetType(), k.Rows)), expected ? Is.EqualTo(new[] { (typeof(PooledCache), 32), (typeof(PooledCache), 8) }) : Is.Empty);
        }

        run.Dispose(); // before the backbone: the deltas leave it as it was
    }

    [Test]
    public void Run_WithVectorsKept_LeavesNoTensorBehind()
    {
        _run.Run("first");
        long before = DisposeScopeManager.Statistics.ThreadTotalLiveCount;

        _run.Run("second");

        Assert.That(DisposeScopeManager.Statistics.ThreadTotalLiveCount, Is.EqualTo(before));
    }

    private (List<double> Losses, RunMetrics Metrics) Losses(string name, string[] sets)
    {
        List<double> losses = [];
        RunMetrics metrics = _run.Run(name, new TinyRun.Watcher(r => losses.AddRange(r.Loss is double loss ? [loss] : Array.Empty<double>())), sets: sets);
        return (losses, metrics);
    }
}
