using System.ComponentModel.DataAnnotations;
using DeltaTune.Adapters;
using DeltaTune.Backbones;
using DeltaTune.Host.Options;
using DeltaTune.Host.Plugins;
using DeltaTune.Prompts;
using Newtonsoft.Json.Linq;

namespace DeltaTune.Host.Tests.Options;

internal sealed class SchemaWriterTests
{
    private const string Right = """
        {
          "name": "x", "seed": 3,
          "task": {"type": "sst2"},
          "backbone": {"type": "bert", "path": "weights"},
          "template": {"type": "manual", "inner_size": 12},
          "verbalizer": {"type": "manual"},
          "deltas": [{"type": "lora", "name": "a", "rank": 4, "alpha": 1, "sites": ["x"], "rank_pattern": {"q": 2}, "limit": null}, {"type": "adapter"}],
          "composition": {"stack": ["a", {"average": ["b", {"route": {"x": "c", "y": {"fuse": ["d", "e"]}}, "field": "f"}], "weights": [0.3, 0.7]}]},
          "input": {"max_length": 64, "truncation": "head"},
          "training": {"optimizer": "adamw", "max_steps": 5, "warmup": 0.5},
          "compare": {"seeds": [1], "variants": {"rank 4": {"deltas[0].rank": 4}}}
        }
        """;

    private readonly JObject _schema = new SchemaWriter(SampleComponents.All).Write();

    [Test]
    public void Write_RightFile_IsValid()
        => Assert.That(new SchemaChecker(_schema).Check(JObject.Parse(Right)), Is.Empty);

    [TestCase("nmae=x", ": additionalProperties")]
    [TestCase("task.type=sts2", "task.type: enum")]
    [TestCase("deltas[0].rank=0", "deltas[0].rank: minimum")]
    [TestCase("deltas[0].alpha=0", "deltas[0].alpha: exclusiveMinimum")]
    [TestCase("deltas[0].dropout=1", "deltas[0].dropout: exclusiveMaximum")]
    [TestCase("deltas[0].sites=[]", "deltas[0].sites: minItems")]
    [TestCase("deltas[0].sites=[1]", "deltas[0].sites[0]: type")]
    [TestCase("deltas[0].rank_pattern.q=two", "deltas[0].rank_pattern.q: type")]
    [TestCase("deltas[0].bias=some", "deltas[0].bias: enum")]
    [TestCase("deltas[0].rnk=1", "deltas[0]: additionalProperties")]
    [TestCase("deltas[1].rank=1", "deltas[1]: additionalProperties")]
    [TestCase("composition.stak=[]", "composition: additionalProperties")]
    [TestCase("composition.stack[1].average[1].route.y.fuse=[\"d\"]", "composition.stack[1].average[1].route.y.fuse: minItems")]
    [TestCase("composition.stack[0]=3", "composition.stack[0]: type")]
    [TestCase("template.inner_size=13", "template.inner_size: maximum")]
    [TestCase("training.optimizer=adamx", "training.optimizer: enum")]
    [TestCase("training.max_steps=1.5", "training.max_steps: type")]
    [TestCase("input.truncation=null", "input.truncation: enum")]
    [TestCase("backbone={\"type\": \"bert\"}", "backbone: required")]
    public void Write_WrongFile_IsInvalidThere(string mistake, string expected)
    {
        JObject run = JObject.Parse(Right);
        RunOverrides.Apply(run, mistake, []);

        Assert.That(new SchemaChecker(_schema).Check(run), Is.EqualTo(new[] { expected }));
    }

    [Test]
    public void Write_HostsOptions_TakesDescriptionFromDocumentation()
        => Assert.That(
            (string?)_schema.SelectToken("properties.training.properties.warmup.description"),
            Is.EqualTo("The part of all steps over which the learning rate rises from 0. A fraction from 0 to 1. The default is 0.06 (Liu et al. 2019, RoBERTa, table 10)."));

    [Test]
    public void Write_Defaults_AreThoseOfTheRecord()
        => Assert.Multiple(() =>
        {
            Assert.That((int?)_schema.SelectToken("['$defs']['delta.lora'].properties.rank.default"), Is.EqualTo(8));
            Assert.That((string?)_schema.SelectToken("properties.training.properties.schedule.default"), Is.EqualTo("linear"));
        });

    [Test]
    public void Write_OfOwnPlugins_FitsComponentsWithEveryDefaultWritten()
    {
        ComponentDescriptor[] components = [.. OwnComponents()];
        var checker = new SchemaChecker(new SchemaWriter(components).Write());
        Assert.Multiple(() =>
        {
            foreach (ComponentDescriptor component in components.Where(c => c.OptionsType.GetConstructor(Type.EmptyTypes) is not null))
            {
                object options = Activator.CreateInstance(component.OptionsType)!;
                if (Validator.TryValidateObject(options, new ValidationContext(options), null, validateAllProperties: true))
                {
                    var part = JObject.FromObject(options, OptionNames.Serializer);
                    part.AddFirst(new JProperty("type", component.Name));
                    bool delta = component.Kind == ComponentKind.Delta;
                    Assert.That(checker.Check(new JObject { [delta ? "deltas" : KindNames.One(component.Kind)] = delta ? new JArray(part) : part }), Is.Empty, component.Name);
                }
            }
        });
    }

    [Test]
    public void Write_OfOwnPlugins_FitsTheSamples()
    {
        string samples = Path.Combine(ApplicationRoot.Find(), "samples");
        string[] files = Directory.Exists(samples) ? Directory.GetFiles(samples, "*.json", SearchOption.TopDirectoryOnly) : [];
        if (files.Length == 0)
        {
            Assert.Ignore("sample run files absent");
        }

        var checker = new SchemaChecker(new SchemaWriter(OwnComponents()).Write());

        Assert.Multiple(() =>
        {
            foreach (string file in files)
            {
                Assert.That(checker.Check(RunJson.Parse(File.ReadAllText(file), file, [])), Is.Empty, file);
            }
        });
    }

    private static IReadOnlyList<ComponentDescriptor> OwnComponents()
    {
        var host = new PluginHost();
        host.Add("own", builder => builder.AddBackbones().AddPrompts().AddAdapters());
        return host.Build().Components;
    }
}
