using DeltaTune.Batches;
using DeltaTune.Prompts.Tasks;
using DeltaTune.Tasks;

namespace DeltaTune.Prompts.Tests.Tasks;

[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class LinksTaskTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Test]
    public void Read_ATriple_GivesAQuestionEachWay()
    {
        LinksTask task = Family();

        Example[] train = [.. task.Read(Split.Train)];

        Assert.That(task.Labels, Is.EqualTo(LabelKind.Node));
        Assert.That(task.Classes, Is.Empty);
        Assert.That(task.NodeNames, Is.EqualTo(new[] { "ann", "bob", "cay", "dan" }));
        Assert.That(task.RelationNames, Is.EqualTo(new[] { "parent", "likes", "parent (inverse)", "likes (inverse)" }));
        Assert.That(train.Select(e => (e.Id, e.ReadNode, e.ReadRelation, e.Label)), Is.EqualTo(new (string, int?, int?, int?)[]
        {
            ("train-1-tail", 0, 0, 1), ("train-1-head", 1, 2, 0), ("train-2-tail", 0, 0, 2), ("train-2-head", 2, 2, 0), ("train-3-tail", 1, 1, 2), ("train-3-head", 2, 3, 1),
        }));
        Assert.That(train[1].Fields, Is.EqualTo(new Dictionary<string, string> { ["entity"] = "bob", ["relation"] = "parent (inverse)" }));
        Assert.That(train.Select(e => e.Graph).Distinct().Count(), Is.EqualTo(1));
    }

    [Test]
    public void Read_AnyExample_KnowsTheRightAnswersOfAllSplits()
    {
        LinksTask task = Family();

        Example[] train = [.. task.Read(Split.Train)];
        Example dev = task.Read(Split.Dev)[0], test = task.Read(Split.Test)[1];

        Assert.That(train[0].Known, Is.EqualTo(new[] { 1, 2, 3 })); // Ann's children: Bob and Cay in train, Dan in dev
        Assert.That(dev.Known, Is.EqualTo(new[] { 1, 2, 3 }));
        Assert.That((test.ReadNode, test.ReadRelation, test.Label), Is.EqualTo((2, 3, 3)));
        Assert.That(test.Known, Is.EqualTo(new[] { 1, 3 })); // who likes Cay: Bob in train, Dan in test
    }

    [Test]
    public void Read_TrainingExamples_HideTheirOwnEdgesBothWays([Values(true, false)] bool hide)
    {
        LinksTask task = Family(hide);

        Example[] train = [.. task.Read(Split.Train)];
        Graph graph = train[0].Graph!;

        Assert.That(train[2].HiddenEdges, Is.EqualTo(hide ? new[] { 2, 3 } : []));
        Assert.That(train[3].HiddenEdges, Is.EqualTo(train[2].HiddenEdges));
        Assert.That((graph.Sources[2], graph.Targets[2], graph.Sources[3], graph.Targets[3]), Is.EqualTo((0, 2, 2, 0)));
        Assert.That(task.Read(Split.Dev).Concat(task.Read(Split.Test)).SelectMany(e => e.HiddenEdges), Is.Empty); // no edge says them
    }

    [Test]
    public void Read_WithoutEdges_AsksTheSameOfTheEntitiesAlone()
    {
        LinksTask with = Family(), without = Family(edges: false);

        Example[] train = [.. without.Read(Split.Train)];

        Assert.That(train.Select(e => (e.Id, e.Label)), Is.EqualTo(with.Read(Split.Train).Select(e => (e.Id, e.Label))));
        Assert.That((train[0].Graph!.NodeCount, train[0].Graph!.Sources.Length), Is.EqualTo((4, 0)));
        Assert.That(train.SelectMany(e => e.HiddenEdges), Is.Empty);
    }

    [Test]
    public void Read_ATripleThatStandsTwice_HidesBoth()
    {
        _folder.Write("train.tsv", "a\tr\tb\na\tr\tb\n");
        _folder.Write("valid.tsv", "a\tr\tb\n");
        string file = _folder.Write("test.tsv", "a\tr\tb\n");

        Example first = new LinksTask(new() { Data = Path.GetDirectoryName(file) }).Read(Split.Train)[0];

        Assert.That(first.HiddenEdges, Is.EqualTo(new[] { 0, 1, 2, 3 }));
    }

    [Test]
    public void Read_Sampled_AsksAboutSoManyTriplesAlikeEachTime()
    {
        LinksTask task = Family(sampling: new() { Train = 2, Dev = 5 }), again = Family(sampling: new() { Train = 2, Dev = 5 });

        Assert.That(task.Read(Split.Train), Has.Count.EqualTo(4));
        Assert.That(task.Read(Split.Train).Select(e => e.Id), Is.EqualTo(again.Read(Split.Train).Select(e => e.Id)));
        Assert.That(task.Read(Split.Train)[0].Graph!.Sources, Has.Length.EqualTo(6)); // the graph stays whole
        Assert.That((task.Read(Split.Dev).Count, task.Read(Split.Test).Count), Is.EqualTo((2, 2)));
    }

    private LinksTask Family(bool hide = true, bool edges = true, LinkSamplingOptions? sampling = null)
    {
        _folder.Write("train.tsv", "ann\tparent\tbob\nann\tparent\tcay\nbob\tlikes\tcay\n");
        _folder.Write("valid.tsv", "ann\tparent\tdan\n");
        string file = _folder.Write("test.tsv", "dan\tlikes\tcay\n");
        return new LinksTask(new LinksTaskOptions { Data = Path.GetDirectoryName(file), Hide = hide, Edges = edges, Sampling = sampling ?? new() });
    }
}
