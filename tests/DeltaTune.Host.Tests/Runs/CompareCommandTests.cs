using Newtonsoft.Json.Linq;

namespace DeltaTune.Host.Tests.Runs;

[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
internal sealed class CompareCommandTests : IDisposable
{
    private readonly TinyRun _run = new();

    [SetUp]
    public void Describe()
    {
        _run.File["compare"] = new JObject
        {
            ["seeds"] = new JArray(1, 2, 3, 4, 5),
            ["reference"] = "untrained",
            ["variants"] = new JObject { ["untrained"] = new JObject { ["deltas"] = new JArray() }, ["lora"] = new JObject(), ["short"] = new JObject { ["training.max_steps"] = 3 }, ["same"] = new JObject { ["deltas"] = new JArray() } },
        };
    }

    public void Dispose() => _run.Dispose();

    [Test]
    public void Compare_WithAReference_TestsOverSeedsAndExamples()
    {
        (int code, string output, string error) = _run.Command("compare", "--out", _run.In("out"), "--json");

        Assert.That(code, Is.Zero, error);
        JArray rows = JArray.Parse(output);
        JToken test = rows[1]["test"]!;
        double[] differences = [.. rows[1]["scores"]!.Zip(rows[0]["scores"]!, (a, b) => (double)a - (double)b)];
        double deviation = Math.Sqrt(differences.Sum(d => Math.Pow(d - differences.Average(), 2)) / 4);
        Assert.That(rows[0]["test"], Is.Null);
        Assert.That((string)test["reference"]!, Is.EqualTo("untrained"));
        Assert.That((double)test["difference"]!, Is.EqualTo(differences.Average()).Within(1e-12));
        Assert.That((double)test["t"]!, Is.EqualTo(differences.Average() * Math.Sqrt(5) / deviation).Within(1e-6).Percent);
        JToken smaller = new[] { test, rows[2]["test"]! }.MinBy(t => (double)t["p_seeds"]!)!;
        Assert.That((double)smaller["p_seeds_holm"]!, Is.EqualTo(Math.Min(1, 2 * (double)smaller["p_seeds"]!)).Within(1e-12)); // of two: the third differs in no seed
        Assert.That((int)test["examples"]!, Is.EqualTo(24)); // not 120: an example of five seeds is one example
        Assert.That((double)test["p_examples"]!, Is.InRange(1.0 / 10_001, 1));
        Assert.That((double)test["low"]!, Is.LessThanOrEqualTo(differences.Average()));
        Assert.That((double)test["high"]!, Is.GreaterThanOrEqualTo(differences.Average()));
        Assert.That(((double?)rows[3]["test"]!["p_seeds"], (double?)rows[3]["test"]!["p_examples"]), Is.EqualTo(((double?)null, (double?)1))); // nothing differs
        Assert.That(JToken.DeepEquals(JArray.Parse(File.ReadAllText(Path.Combine(_run.In("out"), "compare.json"))), rows), Is.True);
        Assert.That(File.ReadAllText(Path.Combine(_run.In("out"), "compare.html")), Does.Contain("<th>p (examples)</th>").And.Contain("Differences are from 'untrained'. Paired tests"));
    }

    [Test]
    public void Compare_UntrainedBackbone_DrawsItAnewWithEachSeed()
    {
        Directory.CreateDirectory(_run.In("graph"));
        File.WriteAllLines(_run.In("graph/nodes.tsv"), Enumerable.Range(0, 12).Select(i => $"{i}\t{i % 2}\t{(i < 6 ? "train" : i < 9 ? "dev" : "test")}\t{i % 3}"));
        File.WriteAllLines(_run.In("graph/edges.tsv"), Enumerable.Range(0, 11).Select(i => $"{i}\t{i + 1}"));
        _run.File["task"] = new JObject { ["type"] = "nodes", ["data"] = _run.In("graph") };
        _run.File["backbone"] = new JObject { ["type"] = "gcn", ["seed"] = 9, ["scheme"] = "features", ["features"] = 3, ["layers"] = 1, ["output_size"] = 2 };
        _run.File["template"] = new JObject { ["type"] = "graph" };
        _run.File["verbalizer"] = new JObject { ["type"] = "scores" };
        _run.File["deltas"] = new JArray(new JObject { ["type"] = "full", ["name"] = "default" });
        _run.File["training"] = new JObject { ["max_steps"] = 1 };
        _run.File["compare"] = new JObject { ["seeds"] = new JArray(1, 2), ["variants"] = new JObject { ["gcn"] = new JObject() } };

        (int code, _, string error) = _run.Command("compare", "--out", _run.In("out"));

        Assert.That(code, Is.Zero, error);
        long[] seeds = [.. new[] { 1, 2 }.Select(seed => (long)JObject.Parse(File.ReadAllText(_run.In($"out/gcn-{seed}/run.json")))["backbone"]!["seed"]!)];
        Assert.That(seeds, Is.EqualTo(new long[] { 1, 2 }));
    }

    [Test]
    public void Compare_AgainWithAnotherReference_TestsWhatIsThere()
    {
        _run.Command("compare", "--out", _run.In("out"), "--seeds", "1,2");
        DateTime written = File.GetLastWriteTimeUtc(_run.In("out/lora-1/metrics.json"));

        (int code, string output, _) = _run.Command("compare", "--out", _run.In("out"), "--seeds", "1,2", "--reference", "lora");

        Assert.That(code, Is.Zero);
        Assert.That(output, Does.Contain("p (seeds)").And.Contain("Differences are from 'lora'."));
        Assert.That(File.GetLastWriteTimeUtc(_run.In("out/lora-1/metrics.json")), Is.EqualTo(written));
    }

    [Test]
    public void Compare_WithAReferenceThatIsNoVariant_IsRefusedBeforeTraining()
    {
        (int code, _, string error) = _run.Command("compare", "--out", _run.In("out"), "--reference", "untrainde");

        Assert.That(code, Is.EqualTo(2));
        Assert.That(error.Trim(), Is.EqualTo("error: --reference must be a variant, but is 'untrainde'; nearest: 'untrained'"));
        Assert.That(Directory.Exists(_run.In("out")), Is.False);
    }
}
