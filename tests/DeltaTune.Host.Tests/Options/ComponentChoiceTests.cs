using DeltaTune.Host.Options;
using DeltaTune.Options;
using Newtonsoft.Json.Linq;

namespace DeltaTune.Host.Tests.Options;

/// <summary>Components that another component's options name.</summary>
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
internal sealed class ComponentChoiceTests : IDisposable
{
    private static readonly IReadOnlyList<ComponentDescriptor> Components =
        [.. SampleComponents.All, new(ComponentKind.Backbone, "pair", "for tests", "", typeof(SampleComponents), typeof(SamplePairOptions))];

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Test]
    public void Read_Nested_HasItsOwnOptionsPathsAndDefaults()
    {
        Directory.CreateDirectory(Path.Combine(_folder.Path, "weights"));

        ComponentSpec spec = Read("""{"type": "pair", "first": {"type": "BERT", "path": "weights"}, "second": {"type": "lora", "rank": 4}}""");

        var pair = (SamplePairOptions)spec.Options;
        Assert.That(pair.First!.Type, Is.EqualTo("bert"));
        Assert.That(((SampleBackboneOptions)pair.First.Options).Path, Is.EqualTo(Path.Combine(_folder.Path, "weights")));
        Assert.That(((SampleDeltaOptions)pair.Second!.Options).Rank, Is.EqualTo(4));
        Assert.That((string?)spec.Source["first"]!["type"], Is.EqualTo("bert"));
        Assert.That((double?)spec.Source["second"]!["alpha"], Is.EqualTo(((SampleDeltaOptions)pair.Second.Options).Alpha)); // defaults are written down
        Assert.That(JToken.DeepEquals(Read(spec.Source.ToString()).Source, spec.Source), Is.True, "what is written is read again");
    }

    [Test]
    public void Read_NestedMistakes_TellsAllOfThemWithTheirPlaces()
    {
        InvalidRunException thrown = Assert.Throws<InvalidRunException>(() => Read("""{"type": "pair", "first": {"type": "brt"}, "second": {"type": "lora", "rank": 0, "rnk": 1}}"""))!;

        Assert.That(thrown.Problems.Select(p => p.ToString()), Is.EquivalentTo(new[]
        {
            "backbone.first.type 'brt' is not a backbone; nearest: 'bert'",
            "backbone.second.rnk is not an option of the delta 'lora'; nearest: 'rank'",
            "backbone.second.rank must be 1 or more, but is 0",
        }));
    }

    [TestCase("""{"type": "pair"}""", "backbone.first is required")]
    [TestCase("""{"type": "pair", "first": "bert"}""", "backbone.first must be an object, but is \"bert\"")]
    [TestCase("""{"type": "pair", "first": {}}""", "backbone.first.type is required: the name of a backbone; there are: 'bert', 'pair'")]
    [TestCase("""{"type": "pair", "first": {"type": "bert", "path": "none"}}""", "backbone.first.path names no file or folder")]
    public void Read_NestedPart_SaysWhatWouldBeRight(string backbone, string message)
        => Assert.That(() => Read(backbone), Throws.TypeOf<InvalidRunException>().With.Message.Contains(message));

    [Test]
    public void Schema_Nested_OffersTheKindsComponents()
    {
        JObject schema = new SchemaWriter(Components).Write();

        Assert.That(schema.SelectToken("['$defs']['backbone.pair'].properties.first.properties.type.enum")!.Values<string>(), Is.EqualTo(new[] { "bert", "pair" }));
        Assert.That((string?)schema.SelectToken("['$defs']['backbone.pair'].properties.second.allOf[0].then['$ref']"), Is.EqualTo("#/$defs/delta.lora"));
    }

    private ComponentSpec Read(string backbone) => new RunFile(Components, _folder.Path).Read(
        new JObject { ["backbone"] = JObject.Parse(backbone) }, Path.Combine(_folder.Path, "run.json"), [], RunPurpose.Inspection).Backbone!;
}
