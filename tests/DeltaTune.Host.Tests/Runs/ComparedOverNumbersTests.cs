using Newtonsoft.Json.Linq;

namespace DeltaTune.Host.Tests.Runs;

/// <summary>Comparisons with a chart over a number.</summary>
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
internal sealed class ComparedOverNumbersTests : IDisposable
{
    private readonly TinyRun _run = new();

    [SetUp]
    public void Describe()
    {
        _run.File["compare"] = new JObject
        {
            ["seeds"] = new JArray(1),
            ["chart"] = new JObject { ["x"] = "training.max_steps" },
            ["crossed_with"] = new JArray(
                new JObject { ["slow"] = new JObject { ["training.learning_rate"] = 0.001 }, ["quick"] = new JObject { ["training.learning_rate"] = 0.01 } },
                new JObject { ["2 steps"] = new JObject { ["training.max_steps"] = 2 }, ["4 steps"] = new JObject { ["training.max_steps"] = 4 } }),
            ["variants"] = new JObject { ["lora"] = new JObject() },
        };
    }

    public void Dispose() => _run.Dispose();

    [Test]
    public void Compare_OverANumber_DrawsALineAVariantInAPanelForEachFirstName()
    {
        (int code, string output, string error) = _run.Command("compare", "--out", _run.In("out"), "--json");

        Assert.That(code, Is.Zero, error);
        Assert.That(
            JArray.Parse(output).Select(r => ((double)r["chart"]!["x"]!, (string)r["chart"]!["panel"]!, (string)r["chart"]!["line"]!)),
            Is.EqualTo(new[] { (2.0, "slow", "lora"), (4.0, "slow", "lora"), (2.0, "quick", "lora"), (4.0, "quick", "lora") }));
        string chart = File.ReadAllText(_run.In("out/compare.svg"));
        Assert.That(chart, Does.Contain(">slow<").And.Contain(">quick<").And.Contain(">lora<").And.Contain("against training.max_steps"));
        Assert.That(File.ReadAllText(_run.In("out/compare.html")), Does.Contain("against training.max_steps"));
    }

    [TestCase("training.steps")]
    [TestCase("name")]
    public void Compare_OverWhatIsNoNumber_IsRefusedBeforeTraining(string path)
    {
        _run.File["compare"]!["chart"]!["x"] = path;

        (int code, _, string error) = _run.Command("compare", "--out", _run.In("out"));

        Assert.That(code, Is.EqualTo(2));
        Assert.That(error, Does.Contain($"compare.chart.x must be the path of a number, such as task.train, but there is none at '{path}'"));
        Assert.That(Directory.Exists(_run.In("out")), Is.False);
    }
}
