using DeltaTune.Host.Runs;
using DeltaTune.Tasks;
using Newtonsoft.Json.Linq;

namespace DeltaTune.Host.Tests.Runs;

/// <summary>Runs on a small knowledge graph, from triples to ranks.</summary>
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
internal sealed class LinkRunTests : IDisposable
{
    private const int Families = 12, Whole = 8;
    private readonly TinyRun _run = new();

    public LinkRunTests()
    {
        // Couples with two children each. Who is married to whom is said both ways in most families; in the others it is said one way, and asked the other.
        Directory.CreateDirectory(_run.In("family"));
        int[] all = [.. Enumerable.Range(0, Families)];
        Write("train", all.SelectMany(i => new[]
        {
            $"ann{i}\tspouse\tbob{i}", $"ann{i}\tparent\tcay{i}", $"bob{i}\tparent\tcay{i}", $"ann{i}\tparent\tdan{i}", $"bob{i}\tparent\tdan{i}", $"cay{i}\tsibling\tdan{i}",
        }));
        File.AppendAllLines(_run.In("family/train.tsv"), all[..Whole].SelectMany(i => new[] { Siblings(i), Couple(i) }));
        Write("valid", all[Whole..].Select(Siblings));
        Write("test", all[Whole..].Select(Couple));
        _run.File["task"] = new JObject { ["type"] = "links", ["data"] = _run.In("family") };
        _run.File["backbone"] = new JObject
        {
            ["type"] = "rgcn", ["seed"] = 1, ["scheme"] = "features", ["entities"] = 4 * Families, ["features"] = 16, ["hidden_size"] = 16, ["layers"] = 1, ["relations"] = 6, ["connections"] = "residual",
        };
        _run.File["template"] = new JObject { ["type"] = "graph" };
        _run.File["verbalizer"] = new JObject { ["type"] = "distmult" };
        _run.File["deltas"] = new JArray(new JObject { ["type"] = "full", ["name"] = "default" });
        _run.File["training"] = new JObject
        {
            ["optimizer"] = "adam", ["weight_decay"] = 0, ["learning_rate"] = 0.03, ["schedule"] = "constant", ["warmup"] = 0, ["epochs"] = 60, ["batch_size"] = 24, ["eval_batch_size"] = 5, ["evaluate_every"] = 60,
        };

        static string Siblings(int i) => $"dan{i}\tsibling\tcay{i}";
        static string Couple(int i) => $"bob{i}\tspouse\tann{i}";
        void Write(string split, IEnumerable<string> lines) => File.WriteAllLines(_run.In($"family/{split}.tsv"), lines);
    }

    public void Dispose() => _run.Dispose();

    [TestCase(null)]
    [TestCase(12)]
    public void Run_AFamilyTree_RanksWhatFollowsFirst(int? negatives)
    {
        _run.File["verbalizer"]!["negatives"] = negatives;

        RunMetrics metrics = _run.Run("out");

        Assert.That(metrics.Metric, Is.EqualTo("mrr"));
        Assert.That(metrics.Score, Is.GreaterThan(0.95)); // 0.09 for whoever guesses among 48
        Assert.That(metrics.Metrics!.Keys, Is.EqualTo(MetricNames.OfRanks));
        Assert.That(metrics.Metrics["mrr"], Is.EqualTo(metrics.Score));
        Assert.That(metrics.Metrics["hits@1"], Is.LessThanOrEqualTo(metrics.Metrics["hits@10"]));
        JObject line = JObject.Parse(File.ReadLines(Path.Combine(_run.In("out"), "predictions.jsonl")).First());
        Assert.That(line.ToString(Newtonsoft.Json.Formatting.None), Does.StartWith("""{"id":"test-1-tail","split":"test","fields":{"entity":"bob8","relation":"spouse"},"label":"ann8","rank":1.0,"best":[{"node":"ann8","score":"""));
        Assert.That(line["best"]!.Count(), Is.EqualTo(10));
    }

    [Test]
    public void Run_ScoredInOneBatchOrInMany_RanksAlike()
    {
        double? few = _run.Run("few", sets: ["training.eval_batch_size=5"]).DevScore, all = _run.Run("all", sets: ["training.eval_batch_size=100"]).DevScore;

        Assert.That(few, Is.EqualTo(all).Within(1e-3)); // products of other shapes round otherwise
    }

    [Test]
    public void Run_WithLora_TrainsTheMapsAlone()
    {
        _run.File["deltas"] = new JArray(new JObject { ["type"] = "lora", ["name"] = "default", ["rank"] = 2, ["sites"] = "all-linear" });

        RunMetrics metrics = _run.Run("out");

        Assert.That(metrics.TrainableParameters, Is.EqualTo((7 * 2 * 2 * 16) + (6 * 16))); // six maps and the node's own, A and B; w
    }

    [TestCase("linear", "verbalizer must score nodes, which are the answers of 'family', but 'linear' scores classes; 'distmult' would do")]
    [TestCase("head", "verbalizer must score nodes, which are the answers of 'family', but 'head' scores classes; 'distmult' would do")]
    public void Run_VerbalizerOfClasses_IsRefused(string verbalizer, string problem)
    {
        _run.File["verbalizer"] = new JObject { ["type"] = verbalizer };

        Assert.That(Assert.Throws<InvalidRunException>(() => _run.Run("out"))!.Message, Is.EqualTo(problem));
    }

    [Test]
    public void Run_DistMultOnClasses_IsRefused()
    {
        File.WriteAllLines(_run.In("family/nodes.tsv"), Enumerable.Range(0, 6).Select(i => $"{i}\t{i % 2}\t{(i < 2 ? "train" : i < 4 ? "dev" : "test")}\t{i % 2}"));
        File.WriteAllLines(_run.In("family/edges.tsv"), ["0\t1", "2\t3"]);
        _run.File["task"] = new JObject { ["type"] = "nodes", ["data"] = _run.In("family") };
        _run.File["backbone"] = new JObject { ["type"] = "gcn", ["seed"] = 1, ["scheme"] = "features", ["features"] = 2, ["layers"] = 1, ["hidden_size"] = 4 };

        Assert.That(
            Assert.Throws<InvalidRunException>(() => _run.Run("out"))!.Message,
            Is.EqualTo("verbalizer must score classes or outputs, which 'family' has, but 'distmult' scores the nodes of a graph; 'linear' would do"));
    }

    [Test]
    public void Run_RowsThatGoSeveralWays_AreRefused()
    {
        _run.File["deltas"] = new JArray(new[] { "a", "b" }.Select(name => new JObject { ["type"] = "lora", ["name"] = name, ["sites"] = "all-linear" }));
        _run.File["composition"] = JObject.Parse("""{ "parallel": ["a", "b"] }""");

        Assert.That(Assert.Throws<InvalidRunException>(() => _run.Run("out"))!.Message, Does.Contain("composition must be left out for 'family'"));
    }

    [Test]
    public void Predict_ARunThatRanksNodes_SaysWhereTheRanksAre()
    {
        _run.Run("out", sets: ["training.epochs=1"]);

        (int code, _, string error) = _run.Execute("predict", _run.In("out"));

        Assert.That(code, Is.EqualTo(2));
        Assert.That(error, Does.Contain("ranks the nodes of its task's graph, which no input line has; its predictions.jsonl has the best of each example"));
    }
}
