using Newtonsoft.Json.Linq;

namespace DeltaTune.Host.Tests.Runs;

/// <summary>Comparisons whose variants are crossed with other settings.</summary>
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
internal sealed class CrossedCompareTests : IDisposable
{
    private readonly TinyRun _run = new();

    [SetUp]
    public void Describe()
    {
        _run.File["training"]!["max_steps"] = 9;
        _run.File["compare"] = new JObject
        {
            ["seeds"] = new JArray(1, 2),
            ["reference"] = "untrained",
            ["crossed_with"] = new JArray(new JObject { ["short"] = new JObject { ["training.max_steps"] = 2 }, ["long"] = new JObject { ["training.learning_rate"] = 0.01 } }),
            ["variants"] = new JObject { ["untrained"] = new JObject { ["deltas"] = new JArray() }, ["lora"] = new JObject(), ["own"] = new JObject { ["training.max_steps"] = 3 } },
        };
    }

    public void Dispose() => _run.Dispose();

    [Test]
    public void Compare_CrossedWithAnEntry_RunsEveryVariantWithEachOfIts()
    {
        (int code, string output, string error) = _run.Command("compare", "--out", _run.In("out"), "--json");

        Assert.That(code, Is.Zero, error);
        JArray rows = JArray.Parse(output);
        Assert.That(
            rows.Select(r => (string)r["variant"]!),
            Is.EqualTo(new[] { "short · untrained", "short · lora", "short · own", "long · untrained", "long · lora", "long · own" }));
        Assert.That(rows[4]["names"]!.Values<string>(), Is.EqualTo(new[] { "long", "lora" }));
        Assert.That(rows.Select(r => (string?)r["test"]?["reference"]), Is.EqualTo(new[] { null, "short · untrained", "short · untrained", null, "long · untrained", "long · untrained" }));
        Assert.That(new[] { "short---lora", "short---own", "long---lora", "long---own" }.Select(Steps), Is.EqualTo(new[] { 2, 3, 9, 3 })); // the variant's settings go last

        int Steps(string row) => (int)JObject.Parse(File.ReadAllText(_run.In($"out/{row}-1/metrics.json")))["steps"]!;
    }

    [Test]
    public void Compare_Crossed_ShowsAColumnForEachName()
    {
        (_, string output, _) = _run.Command("compare", "--out", _run.In("out"));

        string[] lines = output.Split('\n');
        Assert.That(lines, Has.Some.Matches<string>(l => l.Split("  ", StringSplitOptions.RemoveEmptyEntries).Select(c => c.Trim()).SequenceEqual(["variant", "short", "long"])));
        Assert.That(output, Does.Contain("Differences are from 'short · untrained', 'long · untrained', each row's own."));
        string page = File.ReadAllText(_run.In("out/compare.html"));
        Assert.That(page, Does.Contain("<th>short</th>").And.Contain("<h2>long</h2>"));
    }

    [Test]
    public void Compare_RowsSharedOut_AreGatheredByTheWhole()
    {
        _run.Command("compare", "--out", _run.In("out"), "--only", "short");
        DateTime written = File.GetLastWriteTimeUtc(_run.In("out/short---lora-1/metrics.json"));
        Assert.That(Directory.Exists(_run.In("out/long---lora-1")), Is.False);

        (int code, string output, _) = _run.Command("compare", "--out", _run.In("out"), "--json");

        Assert.That((code, JArray.Parse(output).Count), Is.EqualTo((0, 6)));
        Assert.That(File.GetLastWriteTimeUtc(_run.In("out/short---lora-1/metrics.json")), Is.EqualTo(written));
    }

    [Test]
    public void Compare_DeltasCrossed_TakesTheirPlaces()
    {
        (int code, string output, string error) = _run.Command("compare", "--out", _run.In("out"), "--deltas", "bitfit", "--seeds", "1", "--reference", "short · bitfit", "--json");

        Assert.That(code, Is.Zero, error);
        Assert.That(JArray.Parse(output).Select(r => (string)r["variant"]!), Is.EqualTo(new[] { "short · bitfit", "long · bitfit" }));
    }

    [Test]
    public void Compare_AMistakeInACrossedEntry_IsToldOnce()
    {
        _run.File["compare"]!["crossed_with"]![0]!["short"] = new JObject { ["training.max_stepz"] = 2 };

        (int code, _, string error) = _run.Command("compare", "--out", _run.In("out"));

        Assert.That(code, Is.EqualTo(2));
        Assert.That(error.Trim(), Does.StartWith("error: row 'short · untrained': training.max_stepz is not an option of").And.Not.Contain("short · lora"));
    }

    [Test]
    public void Compare_CrossedWithNothing_IsRefused()
    {
        _run.File["compare"]!["crossed_with"] = new JArray(new JObject());

        (int code, _, string error) = _run.Command("compare", "--out", _run.In("out"));

        Assert.That((code, error.Trim()), Is.EqualTo((2, "error: compare.crossed_with must name one or more settings in each entry, but an entry is empty")));
    }
}
