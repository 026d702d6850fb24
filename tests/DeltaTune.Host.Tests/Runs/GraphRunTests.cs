using DeltaTune.Host.Options;
using DeltaTune.Host.Runs;
using DeltaTune.Tasks;
using Newtonsoft.Json.Linq;
using static TorchSharp.torch;

namespace DeltaTune.Host.Tests.Runs;

/// <summary>Runs on molecules and nodes, from tables to metrics.</summary>
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
internal sealed class GraphRunTests : IDisposable
{
    // Chains with oxygen and without, each also in a ring, so that scaffolds differ.
    private static readonly string[] s_with = ["CCO", "CCCO", "OCCO", "C1CCO1", "C1CCOC1", "CC(C)O", "CCOC", "CCCCO"];
    private static readonly string[] s_without = ["CCC", "CCCC", "NCCN", "C1CCN1", "C1CCNC1", "CC(C)C", "CCNC", "CCCCN"];
    private readonly TinyRun _run = new();

    public void Dispose() => _run.Dispose();

    [Test]
    public void Run_MoleculesOfTwoClasses_LearnsThem()
    {
        Molecules("y", i => i % 2 == 0 ? "1" : "0");
        _run.File["task"]!["labels"] = new JArray("y");

        RunMetrics metrics = _run.Run("out");

        Assert.That(metrics.Metric, Is.EqualTo("roc-auc"));
        Assert.That(metrics.Score, Is.GreaterThan(0.9));
    }

    [Test]
    public void Run_SeveralLabelsWithGaps_LearnsEachOutput()
    {
        Molecules("a,b", i => $"{(i % 2 == 0 ? 1 : 0)},{(i % 3 == 0 ? "" : i % 2 == 0 ? "0" : "1")}");
        _run.File["task"]!["labels"] = new JArray("a", "b");

        RunMetrics metrics = _run.Run("out");
        JObject line = JObject.Parse(File.ReadLines(Path.Combine(_run.In("out"), "predictions.jsonl")).First());

        Assert.That(metrics.Score, Is.GreaterThan(0.9));
        Assert.That(((JObject)line["outputs"]!).Properties().Select(p => p.Name), Is.EqualTo(new[] { "a", "b" }));
    }

    [Test]
    public void Run_Numbers_LowersTheError()
    {
        Molecules("y", i => i % 2 == 0 ? "2.5" : "-1.5");
        _run.File["task"]!["labels"] = new JArray("y");
        _run.File["task"]!["metric"] = "rmse";

        RunMetrics metrics = _run.Run("out");

        Assert.That(metrics.Metric, Is.EqualTo("rmse"));
        Assert.That(metrics.Score, Is.LessThan(1)); // 2 for whoever answers the mean
    }

    // Summed over nodes, what a GIN knows of each is enough to count edges (Xu et al. 2019); learned as one class a number, they stayed near chance.
    [Test]
    public void Run_EdgesCountedByAGin_AreRightWhenRounded()
    {
        _run.File["task"] = new JObject
        {
            ["type"] = "graphqa", ["question"] = "edge-count", ["numbers"] = true, ["min_nodes"] = 5, ["max_nodes"] = 6, ["train"] = 200, ["dev"] = 50, ["test"] = 50,
        };
        _run.File["backbone"] = new JObject { ["type"] = "gin", ["seed"] = 1, ["scheme"] = "features", ["features"] = 3, ["layers"] = 2, ["hidden_size"] = 16, ["pooling"] = "sum" };
        _run.File["template"] = new JObject { ["type"] = "graph" };
        _run.File["verbalizer"] = new JObject { ["type"] = "linear", ["dropout"] = 0 };
        _run.File["deltas"] = new JArray(new JObject { ["type"] = "full", ["name"] = "default" });
        _run.File["training"] = new JObject { ["learning_rate"] = 0.01, ["learning_rates"] = new JObject { ["verbalizer"] = 0.1 }, ["max_steps"] = 300, ["batch_size"] = 32, ["evaluate_every"] = 100 };

        RunMetrics metrics = _run.Run("out");

        Assert.That(metrics.Metric, Is.EqualTo("accuracy"));
        Assert.That(metrics.Score, Is.GreaterThan(0.8)); // about 0.15 for whoever answers the mean
    }

    [Test]
    public void Run_NodesOfOneGraph_LearnsThem([Values(false, true)] bool sampled)
    {
        // Two groups of nodes that cite their own group; what a node carries says little.
        Directory.CreateDirectory(_run.In("graph"));
        File.WriteAllLines(_run.In("graph/nodes.tsv"), Enumerable.Range(0, 40).Select(i => $"{i}\t{i % 2}\t{(i < 16 ? "train" : i < 24 ? "dev" : "test")}\t{(i % 5 == 0 ? 2 : i % 2)}"));
        File.WriteAllLines(_run.In("graph/edges.tsv"), Enumerable.Range(0, 36).SelectMany(i => new[] { $"{i}\t{i + 2}", $"{i}\t{i + 4}" }));
        _run.File["task"] = new JObject { ["type"] = "nodes", ["data"] = _run.In("graph"), ["fan_outs"] = sampled ? new JArray(3, 3) : new JArray() };
        _run.File["backbone"] = new JObject { ["type"] = "graphsage", ["seed"] = 1, ["scheme"] = "features", ["features"] = 3, ["layers"] = 2, ["hidden_size"] = 16 };
        Graphs();

        RunMetrics metrics = _run.Run("out");

        Assert.That(metrics.Metric, Is.EqualTo("accuracy"));
        Assert.That(metrics.Score, Is.GreaterThan(0.9));
    }

    [Test]
    public void Run_NodesThatSaySomething_LearnsThemThroughBothPartsAndLoadsThemBack()
    {
        // What a node says tells its class, or nothing; then its neighbours' texts tell it.
        Directory.CreateDirectory(_run.In("graph"));
        File.WriteAllLines(_run.In("graph/nodes.tsv"), Enumerable.Range(0, 40).Select(i => $"{i}\t{i % 2}\t{(i < 16 ? "train" : i < 24 ? "dev" : "test")}\t"));
        File.WriteAllLines(_run.In("graph/edges.tsv"), Enumerable.Range(0, 36).SelectMany(i => new[] { $"{i}\t{i + 2}", $"{i}\t{i + 4}" }));
        File.WriteAllLines(_run.In("graph/texts.txt"), Enumerable.Range(0, 40).Select(i => $"the film is {(i % 5 == 0 ? "it" : i % 2 == 0 ? "bad" : "good")}"));
        _run.File["task"] = new JObject { ["type"] = "nodes", ["data"] = _run.In("graph"), ["fan_outs"] = new JArray(-1, -1) };
        _run.File["backbone"] = new JObject
        {
            ["type"] = "text-graph", ["max_length"] = 12, ["text"] = _run.File["backbone"],
            ["network"] = new JObject { ["type"] = "graphsage", ["seed"] = 1, ["scheme"] = "features", ["features"] = 32, ["layers"] = 2, ["hidden_size"] = 16 },
        };
        Graphs();
        _run.File["deltas"] = new JArray(
            new JObject { ["type"] = "lora", ["name"] = "text", ["sites"] = "text.**.attn.{q,v}", ["rank"] = 4 }, new JObject { ["type"] = "adapter", ["name"] = "graph", ["sites"] = "graph.**.conv", ["bottleneck_size"] = 4 });
        _run.File["training"]!["epochs"] = 10;

        RunMetrics metrics = _run.Run("out");

        RunFolder folder = RunFolder.Open(_run.In("out"));
        RunSpec spec = _run.SpecOf(folder);
        using Predictor predictor = Predictor.Load(_run.Composer, _run.Saved, spec, folder, CPU, force: false);
        IReadOnlyList<Example> test = _run.Catalog.Create<ITask>(ComponentKind.Task, spec.Task!.Type, spec.Task.Options).Read(Split.Test);
        float[] scores = [.. predictor.Score(test, CancellationToken.None).SelectMany(s => s)];
        Assert.That(metrics.Score, Is.GreaterThan(0.9));
        Assert.That(test[0].Fields["text"], Is.EqualTo("the film is bad"));
        Assert.That(scores, Is.EqualTo(File.ReadLines(_run.In("out/predictions.jsonl")).SelectMany(l => JObject.Parse(l)["scores"]!.ToObject<float[]>()!)).Within(1e-5)); // float32
    }

    // Prompts, verbalizers and deltas of graphs, with whatever must be learned before training.
    [TestCase("gpf", """{ "type": "similarity" }""", """{ "type": "importance", "fraction": 0.5, "criterion": "movement" }""", 0.7)]
    [TestCase("gpf-plus", """{ "type": "gppt", "clusters": 2 }""", """{ "type": "importance", "fraction": 0.5 }""", 0.7)]
    [TestCase("all-in-one", """{ "type": "linear", "dropout": 0 }""", """{ "type": "full" }""", 0.0)] // ten nodes are much beside molecules of four atoms: it need only run
    [TestCase("graph-prompt", """{ "type": "linear", "dropout": 0 }""", """{ "type": "hypernetwork", "condition": "both" }""", 0.7)]
    public void Run_PromptedMolecules_LearnsThem(string template, string verbalizer, string delta, double least)
    {
        Molecules("y", i => i % 2 == 0 ? "1" : "0");
        _run.File["task"]!["labels"] = new JArray("y");
        _run.File["template"] = new JObject { ["type"] = template };
        _run.File["verbalizer"] = JObject.Parse(verbalizer);
        JObject trained = JObject.Parse(delta);
        trained["name"] = "default";
        _run.File["deltas"] = new JArray(trained);

        RunMetrics metrics = _run.Run("out");

        Assert.That(metrics.Score, Is.GreaterThan(least)); // 0.5 for whoever guesses
    }

    [Test]
    public void Run_NodesAsTheirSurroundings_LearnsThem()
    {
        Directory.CreateDirectory(_run.In("graph"));
        File.WriteAllLines(_run.In("graph/nodes.tsv"), Enumerable.Range(0, 40).Select(i => $"{i}\t{i % 2}\t{(i < 16 ? "train" : i < 24 ? "dev" : "test")}\t{(i % 5 == 0 ? 2 : i % 2)}"));
        File.WriteAllLines(_run.In("graph/edges.tsv"), Enumerable.Range(0, 36).SelectMany(i => new[] { $"{i}\t{i + 2}", $"{i}\t{i + 4}" }));
        _run.File["task"] = new JObject { ["type"] = "nodes", ["data"] = _run.In("graph") };
        _run.File["backbone"] = new JObject { ["type"] = "graphsage", ["seed"] = 1, ["scheme"] = "features", ["features"] = 3, ["layers"] = 2, ["hidden_size"] = 16 };
        Graphs();
        _run.File["template"] = new JObject { ["type"] = "gpf", ["hops"] = 1 };

        RunMetrics metrics = _run.Run("out");

        Assert.That(metrics.Score, Is.GreaterThan(0.9));
    }

    private void Molecules(string header, Func<int, string> labels)
    {
        string[] smiles = [.. s_with.Zip(s_without).SelectMany(p => new[] { p.First, p.Second })];
        string[] rows = [.. Enumerable.Range(0, 48).Select(i => $"{smiles[i % smiles.Length]},{labels(i)}")];
        File.WriteAllLines(_run.In("set.csv"), ["smiles," + header, .. rows]);
        File.WriteAllLines(_run.In("split.tsv"), Enumerable.Range(0, 48).Select(i => $"{(i < 32 ? "train" : i < 40 ? "dev" : "test")}\t{i}"));
        _run.File["task"] = new JObject { ["type"] = "molecules", ["data"] = _run.In("set.csv"), ["split_file"] = _run.In("split.tsv") };
        _run.File["backbone"] = new JObject { ["type"] = "gin", ["seed"] = 1, ["layers"] = 2, ["hidden_size"] = 16 };
        Graphs();
    }

    private void Graphs()
    {
        _run.File["template"] = new JObject { ["type"] = "graph" };
        _run.File["verbalizer"] = new JObject { ["type"] = "linear", ["dropout"] = 0 };
        _run.File["deltas"] = new JArray(new JObject { ["type"] = "full", ["name"] = "default" });
        _run.File["training"] = new JObject { ["learning_rate"] = 0.02, ["epochs"] = 30, ["batch_size"] = 8 };
    }
}
