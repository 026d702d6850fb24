using DeltaTune.Prompts.Tasks;
using DeltaTune.Tasks;

namespace DeltaTune.Prompts.Tests.Tasks;

[TestFixture]
public sealed class NodesTaskTests
{
    [Test]
    public void Read_SmallGraph_GivesNodesOfTheSplitInOneGraph()
    {
        using var folder = new TemporaryFolder();
        folder.Write("nodes.tsv", "node\tlabel\tsplit\tfeatures\n0\t1\ttrain\t0 2\n1\t0\ttrain\t1:0.5\n2\t-1\ttest\t\n3\t1\tvalid\t2\n");
        string edges = folder.Write("edges.tsv", "0\t1\n1\t2\n");
        var task = new NodesTask(new NodesTaskOptions { Data = Path.GetDirectoryName(edges) });

        IReadOnlyList<Example> train = task.Read(Split.Train);

        Assert.That(train.Select(e => (e.Id, e.Label, e.ReadNode)), Is.EqualTo(new (string, int?, int?)[] { ("train-0", 1, 0), ("train-1", 0, 1) }));
        Assert.That(train[0].Graph, Is.SameAs(train[1].Graph));
        Assert.That(train[0].Graph!.Sources, Is.EqualTo(new[] { 0, 1, 1, 2 }));
        Assert.That(train[0].Graph!.Targets, Is.EqualTo(new[] { 1, 0, 2, 1 }));
        Assert.That(train[0].Graph!.Nodes.Values, Is.EqualTo(new[] { 0.5f, 0, 0.5f, 0, 1, 0, 0, 0, 0, 0, 0, 1 }));
        Assert.That(task.Classes.Select(c => c.Name), Is.EqualTo(new[] { "0", "1" }));
        Assert.That(task.Read(Split.Test), Is.Empty); // its only node has no class
    }

    [Test]
    public void Read_TextsBesideTheTables_AreTheNodesAndAField()
    {
        using var folder = new TemporaryFolder();
        folder.Write("nodes.tsv", "0\t1\ttrain\t\n1\t0\ttrain\t\n2\t0\ttest\t\n");
        folder.Write("texts.txt", "one\n\nthree\n");
        string edges = folder.Write("edges.tsv", "0\t1\n");
        var task = new NodesTask(new NodesTaskOptions { Data = Path.GetDirectoryName(edges) });

        IReadOnlyList<Example> train = task.Read(Split.Train);

        Assert.That(task.FieldNames, Is.EqualTo(new[] { "node", "text" }));
        Assert.That(train[0].Graph!.Texts, Is.EqualTo(new[] { "one", "", "three" }));
        Assert.That(train.Select(e => e.Fields["text"]), Is.EqualTo(new[] { "one", "" }));
    }

    [Test]
    public void Read_MoreTextsThanNodes_SaysWhere()
    {
        using var folder = new TemporaryFolder();
        folder.Write("nodes.tsv", "0\t1\ttrain\t\n");
        folder.Write("texts.txt", "one\ntwo\n");
        string edges = folder.Write("edges.tsv", "0\t0\n");
        var task = new NodesTask(new NodesTaskOptions { Data = Path.GetDirectoryName(edges) });

        Assert.That(() => task.Read(Split.Train), Throws.TypeOf<InvalidRunException>().With.Message.EndsWith("line 2 must not be there, since there are 1 nodes, but is"));
    }

    [TestCase("0\t1\ttrain\t0\n2\t0\ttrain\t1\n", "line 2 must have node 1, its class, its split and its features between tabs, but has 4 cells and begins with '2'")]
    [TestCase("0\tx\ttrain\t0\n", "line 1 must have a class from 0, or -1 for none, but has 'x'")]
    [TestCase("0\t0\tsome\t0\n", "line 1 must be in 'train', 'dev' (or 'valid'), 'test' or in none, but is in 'some'")]
    [TestCase("0\t0\ttrain\ta\n", "line 1 must have features as 'number' or 'number:value', but has 'a'")]
    public void Read_WrongNodes_SaysWhere(string nodes, string message)
    {
        using var folder = new TemporaryFolder();
        folder.Write("nodes.tsv", nodes);
        string edges = folder.Write("edges.tsv", "0\t0\n");
        var task = new NodesTask(new NodesTaskOptions { Data = Path.GetDirectoryName(edges) });

        Assert.That(() => task.Read(Split.Train), Throws.TypeOf<InvalidRunException>().With.Message.EndsWith(message));
    }
}
