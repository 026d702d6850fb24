using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.Text.RegularExpressions;
using DeltaTune.Batches;
using DeltaTune.Prompts.Tasks.GraphQa;
using DeltaTune.Tasks;

namespace DeltaTune.Prompts.Tests.Tasks.GraphQa;

/// <summary>Labels against other algorithms, run on what the text and the graph of each example say.</summary>
[TestFixture]
public sealed partial class GraphQaTaskTests
{
    [Test]
    public void Read_AnyQuestion_HasTheAnswerThatItsTextGives([Values] GraphQuestion question, [Values] bool directed)
    {
        var task = new GraphQaTask(new GraphQaOptions { Question = question, Train = 240, MaxNodes = 9, Directed = directed });

        foreach (Example example in task.Read(Split.Train))
        {
            (int nodes, List<(int, int)> edges) = Parse(example.Fields["graph"]);
            int[] asked = [.. Number().Matches(example.Fields["question"]).Select(m => int.Parse(m.Value, CultureInfo.InvariantCulture))];
            var graph = new BruteForce(nodes, edges, directed);
            string told = $"{example.Fields["graph"]} {example.Fields["question"]}";
            if (question is GraphQuestion.ConnectedNodes or GraphQuestion.DisconnectedNodes)
            {
                float beside = question == GraphQuestion.ConnectedNodes ? 1 : 0;
                float[] expected = [.. Enumerable.Range(0, 9).Select(n => n >= nodes || n == asked[0] ? float.NaN : graph.Leads(asked[0], n) ? beside : 1 - beside)];
                Assert.That(example.Values, Is.EqualTo(expected), told);
                continue;
            }

            Assert.That(task.Classes[example.Label!.Value].Name, Is.EqualTo(graph.Answer(question, asked)), told);
        }
    }

    [Test]
    public void Read_AnyExample_IsTheSameGraphInTextAndForNetworks()
    {
        foreach (Example example in new GraphQaTask(new GraphQaOptions { Question = GraphQuestion.ShortestPath, Train = 60 }).Read(Split.Train))
        {
            (int nodes, List<(int, int)> edges) = Parse(example.Fields["graph"]);
            int[] asked = [.. Number().Matches(example.Fields["question"]).Select(m => int.Parse(m.Value, CultureInfo.InvariantCulture))];

            Assert.That(example.Graph!.NodeCount, Is.EqualTo(nodes));
            Assert.That(example.Graph.Sources.Zip(example.Graph.Targets), Is.EquivalentTo(edges.Concat(edges.Select(e => (e.Item2, e.Item1)))));
            Assert.That(example.ReadNode, Is.EqualTo(asked[0]));
            float[] second = [.. Enumerable.Range(0, nodes).Select(n => example.Graph.Nodes.Values![(n * 3) + 2])];
            Assert.That(second, Is.EqualTo(Enumerable.Range(0, nodes).Select(n => n == asked[1] ? 1f : 0f)));
        }
    }

    [Test]
    public void Read_Directed_GivesANetworkEachEdgeBothWaysAndSaysWhich()
    {
        foreach (Example example in new GraphQaTask(new GraphQaOptions { Question = GraphQuestion.Reachability, Train = 60, Directed = true }).Read(Split.Train))
        {
            (int nodes, List<(int, int)> edges) = Parse(example.Fields["graph"]);
            Graph graph = example.Graph!;
            (int, int)[] pairs = [.. graph.Sources.Zip(graph.Targets)];
            bool[] along = [.. Enumerable.Range(0, pairs.Length).Select(i => graph.Edges!.Values![2 * i] == 1)];

            Assert.That(pairs.Where((_, i) => along[i]), Is.EquivalentTo(edges));
            Assert.That(pairs.Where((_, i) => !along[i]), Is.EquivalentTo(edges.Select(e => (e.Item2, e.Item1))));
        }
    }

    [TestCase(GraphQuestion.NodeCount, "retrieval")]
    [TestCase(GraphQuestion.Connectivity, "parallelizable")]
    [TestCase(GraphQuestion.Diameter, "search")]
    [TestCase(GraphQuestion.TriangleCounting, "subgraph-counting")]
    public void Read_AnyQuestion_SaysItsClassAndItsKindOfGraph(GraphQuestion question, string expected)
    {
        Example example = new GraphQaTask(new GraphQaOptions { Question = question, Train = 1, Kinds = [GraphKind.ErdosRenyi] }).Read(Split.Train)[0];

        Assert.That(example.Meta["class"], Is.EqualTo(expected));
        Assert.That(example.Meta["kind"], Is.EqualTo("erdos-renyi"));
    }

    [Test]
    public void Read_Twice_GivesTheSameExamplesAndOthersForOtherSplitsAndSeeds()
    {
        var options = new GraphQaOptions { Question = GraphQuestion.Reachability, Train = 30, Dev = 30 };
        static string[] Texts(GraphQaOptions options, Split split) => [.. new GraphQaTask(options).Read(split).Select(e => e.Fields["graph"] + e.Fields["question"])];

        string[] once = Texts(options, Split.Train);

        Assert.That(Texts(options, Split.Train), Is.EqualTo(once));
        Assert.That(Texts(options, Split.Dev), Is.Not.EqualTo(once));
        Assert.That(Texts(options with { Seed = 101 }, Split.Train), Is.Not.EqualTo(once));
    }

    [Test]
    public void Read_Balanced_HasYesAsOftenAsNo([Values(GraphQuestion.EdgeExistence, GraphQuestion.CycleCheck, GraphQuestion.Reachability, GraphQuestion.Connectivity, GraphQuestion.Bipartiteness)] GraphQuestion question)
    {
        IReadOnlyList<Example> examples = new GraphQaTask(new GraphQaOptions { Question = question, Train = 240, Balanced = true }).Read(Split.Train);

        Assert.That(examples.Average(e => e.Label!.Value), Is.EqualTo(0.5).Within(0.02));
    }

    [Test]
    public void Read_Numbers_HasTheCountAsTheValue()
    {
        var task = new GraphQaTask(new GraphQaOptions { Question = GraphQuestion.NodeCount, Train = 20, Numbers = true, NodeNumbers = true });

        Assert.That(task.Labels, Is.EqualTo(LabelKind.Number));
        Assert.That(task.Metric, Is.EqualTo(MetricNames.Accuracy));
        foreach (Example example in task.Read(Split.Train))
        {
            Assert.That(example.Values, Is.EqualTo(new[] { (float)example.Graph!.NodeCount }));
            Assert.That(example.Graph.Nodes.Width, Is.EqualTo(22));
        }
    }

    [Test]
    public void Validate_WordingsThatCannotSayIt_AreRefused()
    {
        static string[] Refused(GraphQaOptions options) => [.. options.Validate(new ValidationContext(options)).SelectMany(r => r.MemberNames)];

        Assert.That(Refused(new GraphQaOptions { Directed = true, Wording = GraphWording.Friendship }), Is.EqualTo(new[] { nameof(GraphQaOptions.Wording) }));
        Assert.That(Refused(new GraphQaOptions { Question = GraphQuestion.DisconnectedNodes, Wording = GraphWording.Random }), Is.EqualTo(new[] { nameof(GraphQaOptions.Wording) }));
        Assert.That(Refused(new GraphQaOptions { Question = GraphQuestion.Bipartiteness, Numbers = true }), Is.EqualTo(new[] { nameof(GraphQaOptions.Numbers) }));
        Assert.That(Refused(new GraphQaOptions { Directed = true, Wording = GraphWording.Incident }), Is.Empty);
    }

    private static (int Nodes, List<(int, int)> Edges) Parse(string text)
    {
        string nodes = text.Split("The nodes are ")[1].Split(". The")[0];
        List<(int, int)> edges = [.. Pair().Matches(text).Select(m => (int.Parse(m.Groups[1].Value, CultureInfo.InvariantCulture), int.Parse(m.Groups[2].Value, CultureInfo.InvariantCulture)))];
        return (Number().Count(nodes), edges);
    }

    [GeneratedRegex(@"\d+")]
    private static partial Regex Number();

    [GeneratedRegex(@"\((\d+), (\d+)\)")]
    private static partial Regex Pair();
}
