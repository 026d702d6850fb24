using DeltaTune.Batches;
using DeltaTune.Prompts.Tasks;
using DeltaTune.Prompts.Templates;
using DeltaTune.Tasks;

namespace DeltaTune.Prompts.Tests.Tasks;

internal sealed class WordNetGraphTaskTests
{
    private static readonly WordNetGraphTask s_shipped = new(new WordNetGraphOptions());

    [TestCase(Split.Train)]
    [TestCase(Split.Dev)]
    [TestCase(Split.Test)]
    public void Read_Shipped_HasTheSupersenseExamplesAsNodesOfOneGraph(Split split)
    {
        IReadOnlyList<Example> nodes = s_shipped.Read(split), table = new WordNetSupersenseTask(new WordNetSupersenseOptions()).Read(split);

        Assert.That(nodes.Select(e => (e.Id, e.Label)), Is.EqualTo(table.Select(e => (e.Id, e.Label))));
        Assert.That(nodes.Select(e => e.Graph!.Texts![e.ReadNode!.Value]), Is.EqualTo(table.Select(e => $"{e.Fields["lemma"]}: {e.Fields["gloss"]}")));
        Assert.That(nodes.Select(e => e.Graph).Distinct(ReferenceEqualityComparer.Instance).Count(), Is.EqualTo(1));
    }

    [Test]
    public void Graph_Shipped_TiesEveryExampleThereAndBack()
    {
        Graph graph = s_shipped.Read(Split.Train)[0].Graph!;

        Assert.That((graph.NodeCount, graph.Sources.Length), Is.EqualTo((34_810, 2 * 44_068)));
        Assert.That(graph.Texts, Is.All.Matches<string>(t => t.IndexOf(": ", StringComparison.Ordinal) is > 0 and var at && at + 2 < t.Length));
        Assert.That(Enumerable.Range(0, 26_000).Except(graph.Sources), Is.Empty);
        Assert.That(graph.Edges!.Categories!.Take(2), Is.EqualTo(new long[] { 0, 5 })); // a kind of, and the way back
        Assert.That(graph.Sources.Take(2), Is.EqualTo(graph.Targets.Take(2).Reverse()));
        Assert.That(graph.Sampling!.FanOuts, Is.EqualTo(new[] { 5, 5 }));
    }

    [Test]
    public void Graph_Shipped_SaysWhatWordNetSays()
    {
        Graph graph = s_shipped.Read(Split.Train)[0].Graph!;
        int oak = graph.Texts!.ToList().FindIndex(t => t.StartsWith("oak: a deciduous tree", StringComparison.Ordinal));

        IEnumerable<string> kinds = Enumerable.Range(0, graph.Sources.Length).Where(e => graph.Sources[e] == oak && graph.Edges!.Categories![e] == 0).Select(e => graph.Texts![graph.Targets[e]]);

        Assert.That(kinds.Single(), Does.StartWith("tree: a tall perennial woody plant"));
    }

    [Test]
    public void Around_ANode_KeepsWhatNodesSay()
    {
        Example example = s_shipped.Read(Split.Dev)[0];

        Graph part = new EgoNetworks(1).Around(example.Graph!, example.ReadNode!.Value);

        Assert.That(part.Texts, Has.Count.EqualTo(part.NodeCount));
        Assert.That(part.Texts![0], Is.EqualTo(example.Graph!.Texts![example.ReadNode.Value]));
    }

    [TestCase("@1\tx", "line 1 must have relations alone, since a table says the rest, but has 2 cells")]
    [TestCase("@1\n@0", "line 2 must have relations, lemma and definition between tabs, but has 1 cells")]
    [TestCase("@7", "line 1 must point at nodes from 0 to 0, but points at 7")]
    [TestCase("~0", "line 1 must have relations as one of @, @i, #m, #s, #p and a node, but has '~0'")]
    public void Read_WrongGraph_SaysWhere(string lines, string message)
    {
        using var folder = new TemporaryFolder();
        string path = folder.Write("graph.tsv", lines + "\n");

        Assert.That(() => RelationGraph.Read(path, ["entity: that which is"]), Throws.TypeOf<InvalidRunException>().With.Message.EndsWith(message));
    }
}
