using DeltaTune.Backbones.Tests.Transformers;
using DeltaTune.Backbones.TextGraphs;
using DeltaTune.Backbones.Transformers;
using DeltaTune.Batches;
using DeltaTune.Options;
using DeltaTune.Prompts;

namespace DeltaTune.Backbones.Tests.TextGraphs;

/// <summary>What cannot work says so in one sentence, before anything is trained.</summary>
[TestFixture]
public sealed class TextGraphLoaderTests : IDisposable
{
    private readonly TinyFolder _folder = new();

    private TextGraphOptions Right => TinyTextGraph.Options(_folder.Path);

    public void Dispose() => _folder.Dispose();

    [Test]
    public void Load_TextIsAGraphNetwork_SaysSo()
        => Refused(Right with { Text = Right.Network }, "text must be an encoder or a decoder of text, such as 'bert', but 'graphsage' is a graph network");

    [Test]
    public void Load_NetworkReadsText_SaysSo()
        => Refused(Right with { Network = Right.Text }, "network must be a graph network in the scheme 'features', such as 'graphsage', but 'bert' reads text");

    [Test]
    public void Load_NetworkReadsMolecules_SaysSo()
        => Refused(
            Right with { Network = new ComponentChoice("gin", new DeltaTune.Backbones.Graphs.GinOptions { Seed = 1, Layers = 2, HiddenSize = 8 }) },
            "network must be a graph network in the scheme 'features', such as 'graphsage', but 'gin' reads the scheme 'molecule'");

    [Test]
    public void Load_WidthsDiffer_SaysWhich()
        => Refused(
            Right with { Network = new ComponentChoice("graphsage", TinyTextGraph.Sage(features: 5)) },
            "network.features must be 12, the size of a vector of the text backbone, but is 5");

    [Test]
    public void Load_PartIsMissing_NamesItByThePart()
        => Assert.That(
            () => TinyTextGraph.Load(Right with { Text = new ComponentChoice("bert", new BertOptions { Path = Path.Combine(_folder.Path, "none") }) }),
            Throws.TypeOf<InvalidRunException>().With.Message.Contains("none"));

    [TestCase(null, "the graph must have a text for each of its 2 nodes, but has none")]
    [TestCase("a game", "the graph must have a text for each of its 2 nodes, but has 1")]
    [TestCase("a game| ", "the graph must have a text for each of its 2 nodes, but node 1 has none")]
    public void Encode_ANodeSaysNothing_SaysWhich(string? texts, string message)
    {
        using Backbone backbone = TinyTextGraph.Load(Right);
        var graph = new Graph(2, new FeatureTable(0, Array.Empty<float>()), [0], [1]) { Texts = texts?.Split('|') };

        Assert.That(() => backbone.InputEncoder.Encode([new GraphPiece(graph)], new EncodingOptions()), Throws.TypeOf<InvalidRunException>().With.Message.EqualTo(message));
    }

    private static void Refused(TextGraphOptions options, string message)
        => Assert.That(() => TinyTextGraph.Load(options), Throws.TypeOf<InvalidRunException>().With.Message.EqualTo(message));
}
