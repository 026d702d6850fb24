using DeltaTune.Host.Options;
using Newtonsoft.Json.Linq;

namespace DeltaTune.Host.Tests.Options;

[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
internal sealed class RunFileTests : IDisposable
{
    private const string Smallest = """
        // A run file may have comments.
        {
          "task": {"type": "sst2"},
          "backbone": {"type": "bert", "path": "weights"},
          "template": {"type": "manual"},
          "verbalizer": {"type": "manual"},
          "deltas": [{"type": "lora", "rank": 4, "rank_pattern": {"Layer.Q": 2}, "cut_from": "balanced"}]
        }
        """;

    private readonly TemporaryFolder _folder = new();

    [SetUp]
    public void MakeWeights() => Directory.CreateDirectory(Path.Combine(_folder.Path, "weights"));

    public void Dispose() => _folder.Dispose();

    [Test]
    public void Load_SmallestFile_HasEveryPart()
    {
        RunSpec run = Load(Smallest);

        Assert.Multiple(() =>
        {
            Assert.That(run.Name, Is.EqualTo("sample"));
            Assert.That(run.Seed, Is.EqualTo(42));
            Assert.That(run.Task!.Type, Is.EqualTo("sst2"));
            Assert.That(((SampleBackboneOptions)run.Backbone!.Options).Path, Is.EqualTo(Path.Combine(_folder.Path, "weights")));
            Assert.That(run.Deltas, Has.Count.EqualTo(1));
            Assert.That(run.Deltas[0].Name, Is.EqualTo("lora"));
            var lora = (SampleDeltaOptions)run.Deltas[0].Options;
            Assert.That(lora.Rank, Is.EqualTo(4));
            Assert.That(lora.CutFrom, Is.EqualTo(DeltaTune.Backbones.Truncation.Balanced));
            Assert.That(lora.RankPattern, Is.EqualTo(new Dictionary<string, int> { ["Layer.Q"] = 2 }));
            Assert.That(run.Training.Optimizer, Is.EqualTo(OptimizerKind.AdamW));
            Assert.That(run.Training.BatchSize, Is.EqualTo(16));
        });
    }

    [Test]
    public void Load_ListInFile_ReplacesDefaultList()
    {
        RunSpec run = Load(Smallest, "deltas[0].sites=[\"ffn.in\"]");

        Assert.That(((SampleDeltaOptions)run.Deltas[0].Options).Sites, Is.EqualTo(new[] { "ffn.in" }));
    }

    [Test]
    public void Load_ManyMistakes_TellsAllOfThem()
    {
        const string text = """
            {
              "nmae": "x",
              "seed": 1.5,
              "seed2": {},
              "task": {"type": "sts2"},
              "backbone": {"type": "bert", "path": 3},
              "verbalizer": "manual",
              "deltas": [
                {"type": "lora", "rnk": 4, "rank": 0, "alpha": 0, "dropout": 1, "cut_from": "tial", "bias": "some", "sites": [], "nested": {"inner_size": 13, "use_bias": 1}},
                {"type": "lora", "sites": ["a", 2], "rank_pattern": {"q": "two"}, "limit": null},
                {"rank": 2},
                {"type": "lora", "name": "narrow", "rank": 9, "limit": 8}
              ],
              "training": {"learning_rate": "fast", "optimizer": "adamx", "batch_size": null, "warmup": 2,
                "batch_size": null}
            }
            """;

        InvalidRunException thrown = Assert.Throws<InvalidRunException>(() => Load(text))!;

        string[] expected =
        [
            "training.batch_size is given twice, on lines 14 and 15; keep one",
            "nmae is not a part of a run file; nearest: 'name'",
            "seed2 is not a part of a run file; nearest: 'seed'",
            "seed must be an integer of 64 bits, but is 1.5",
            "task.type 'sts2' is not a task; nearest: 'sst2'",
            "backbone.path must be text, but is 3",
            "template is required, such as \"template\": {\"type\": \"manual\"}; there are: 'manual'",
            "verbalizer must be an object with a \"type\", but is \"manual\"",
            "deltas[0].rnk is not an option of the delta 'lora'; nearest: 'rank'",
            "deltas[0].cut_from must be one of \"tail\", \"head\", \"balanced\", but is \"tial\"; nearest: \"tail\"",
            "deltas[0].nested.use_bias must be true or false, but is 1",
            "deltas[0].rank must be 1 or more, but is 0",
            "deltas[0].alpha must be above 0, but is 0.0",
            "deltas[0].dropout must be at least 0 and below 1, but is 1.0",
            "deltas[0].bias must be one of \"none\", \"all\", but is \"some\"",
            "deltas[0].sites must have at least 1 entry, but is []",
            "deltas[0].nested.inner_size must be from 1 to 12, but is 13",
            "deltas[1].sites[1] must be text, but is 2",
            "deltas[1].rank_pattern.q must be an integer, but is \"two\"",
            "deltas[1].name 'lora' is the name of deltas[0] already; give one of them another \"name\"",
            "deltas[2].type is required: the name of a delta; there are: 'lora', 'adapter'",
            "deltas[3].limit must be at least the rank 9, but is 8",
            "training.learning_rate must be a number, but is \"fast\"",
            "training.optimizer must be one of \"adamw\", \"adam\", \"sgd\", but is \"adamx\"; nearest: \"adam\"",
            "training.batch_size must be an integer, but is null; leave it out for its default",
            "training.warmup must be from 0 to 1, but is 2.0",
        ];
        Assert.That(thrown.Problems.Select(p => p.ToString()), Is.EqualTo(expected));
    }

    [Test]
    public void Load_PathThatIsNowhere_TellsWhereItLooked()
    {
        InvalidRunException thrown = Assert.Throws<InvalidRunException>(() => Load(Smallest, "backbone.path=wieghts"))!;

        Assert.That(thrown.Message, Is.EqualTo(
            $"backbone.path names no file or folder: 'wieghts' is not in '{_folder.Path}' or '{Directory.GetCurrentDirectory()}' or '{Root}'"));
    }

    [Test]
    public void Load_PathBesideApplication_IsFound()
    {
        string models = Directory.CreateDirectory(Path.Combine(_folder.Path, "app", "models", "tiny")).FullName;
        string file = _folder.Write("elsewhere/run.json", Smallest);

        RunSpec run = new RunFile(SampleComponents.All, Path.Combine(_folder.Path, "app")).Load(file, ["backbone.path=models/tiny"], RunPurpose.Training);

        Assert.That(((SampleBackboneOptions)run.Backbone!.Options).Path, Is.EqualTo(models));
    }

    [Test]
    public void Load_RequiredTextLeftOut_IsAProblem()
    {
        InvalidRunException thrown = Assert.Throws<InvalidRunException>(() => Load("""{"backbone": {"type": "bert"}}""", purpose: RunPurpose.Inspection))!;

        Assert.That(thrown.Message, Is.EqualTo("backbone.path is required"));
    }

    [Test]
    public void Load_NoJson_TellsTheLine()
    {
        string file = _folder.Write("broken.json", "{\n  \"name\" \"x\"\n}");

        InvalidRunException thrown = Assert.Throws<InvalidRunException>(() => new RunFile(SampleComponents.All, Root).Load(file, [], RunPurpose.Training))!;

        Assert.That(thrown.Message, Does.StartWith($"{file} is not JSON: ").And.Contain("line 2"));
    }

    [Test]
    public void Load_MissingFile_IsTheUsersMistake()
    {
        string file = Path.Combine(_folder.Path, "none.json");

        InvalidRunException thrown = Assert.Throws<InvalidRunException>(() => new RunFile(SampleComponents.All, Root).Load(file, [], RunPurpose.Training))!;

        Assert.That(thrown.Problems[0].Path, Is.EqualTo(file));
    }

    [Test]
    public void Resolved_LoadedAgain_IsTheSame()
    {
        RunSpec run = Load(Smallest);

        RunSpec again = Load(run.Resolved.ToString());

        Assert.Multiple(() =>
        {
            Assert.That(JToken.DeepEquals(again.Resolved, run.Resolved), Is.True, again.Resolved.ToString());
            Assert.That((int)run.Resolved["deltas"]![0]!["rank"]!, Is.EqualTo(4));
            Assert.That((double)run.Resolved["deltas"]![0]!["alpha"]!, Is.EqualTo(16));
            Assert.That((string)run.Resolved["training"]!["optimizer"]!, Is.EqualTo("adamw"));
            Assert.That((long)run.Resolved["seed"]!, Is.EqualTo(42));
            Assert.That((string)run.Resolved["deltas"]![0]!["type"]!, Is.EqualTo("lora"));
        });
    }

    private string Root => Path.Combine(_folder.Path, "root");

    private RunSpec Load(string text, string? set = null, RunPurpose purpose = RunPurpose.Training)
        => new RunFile(SampleComponents.All, Root).Load(_folder.Write("sample.json", text), set is null ? [] : [set], purpose);
}
