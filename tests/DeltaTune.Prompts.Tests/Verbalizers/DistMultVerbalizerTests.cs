using DeltaTune.Backbones;
using DeltaTune.Backbones.Graphs;
using DeltaTune.Batches;
using DeltaTune.Prompts.Templates;
using DeltaTune.Prompts.Verbalizers;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace DeltaTune.Prompts.Tests.Verbalizers;

/// <summary>DistMult against its formula, computed beside it in double precision.</summary>
[TestFixture]
public sealed class DistMultVerbalizerTests
{
    private static readonly double[][] s_states = [[1, -2], [0.5, 3], [-1, 1], [2, 0.25]];
    private static readonly double[][] s_relations = [[1, 1], [2, -0.5], [0, 3]];
    private static readonly long[] s_asked = [0, 3, 1], s_by = [1, 0, 2], s_answers = [2, 1, 3];

    [Test]
    public void Score_OfEveryNode_IsTheSumOfTheProducts() => With(new(), verbalizer =>
    {
        Tensor scores = verbalizer.Score(Asked());

        // By hand, the first: (1, -2) ∘ (2, -0.5) = (2, 1), against each node.
        Assert.That(scores.data<float>().ToArray()[..4], Is.EqualTo(new[] { 0, 4, -1, 4.25f }).Within(1e-6));
        Assert.That(scores.data<float>().ToArray(), Is.EqualTo(Scores().SelectMany(row => row)).Within(1e-5));
        Assert.That(scores.shape, Is.EqualTo(new long[] { 3, 4 }));
    });

    [Test]
    public void Loss_OverAllNodes_IsTheCrossEntropyWithItsGradient() => With(new(), verbalizer =>
    {
        Tensor loss = Loss(verbalizer);
        loss.backward();

        double[][] p = [.. Scores().Select(Softmax)];
        Assert.That(loss.item<float>(), Is.EqualTo(Enumerable.Range(0, 3).Average(i => -Math.Log(p[i][s_answers[i]]))).Within(1e-5));
        var gradient = new double[6]; // Σ_v (p_v − y_v)·h_u ∘ h_v / rows
        for (int i = 0; i < 3; i++)
        {
            for (int v = 0; v < 4; v++)
            {
                for (int k = 0; k < 2; k++)
                {
                    gradient[(s_by[i] * 2) + k] += (p[i][v] - (v == s_answers[i] ? 1 : 0)) * s_states[s_asked[i]][k] * s_states[v][k] / 3;
                }
            }
        }

        Assert.That(Relations(verbalizer).grad!.data<float>().ToArray(), Is.EqualTo(gradient).Within(1e-5));
    });

    [Test]
    public void Loss_WithNegatives_CountsEachForManyAndLeavesTheAnswerOut() => With(new() { Negatives = 3 }, verbalizer =>
    {
        manual_seed(5).Dispose();
        long[] drawn = randint(4, (long[])[3]).data<long>().ToArray();
        manual_seed(5).Dispose();

        float loss = Loss(verbalizer).item<float>();

        double[][] scores = [.. Scores()];
        double expected = Enumerable.Range(0, 3).Average(i =>
        {
            double right = Math.Exp(scores[i][s_answers[i]]);
            return -Math.Log(right / (right + drawn.Where(v => v != s_answers[i]).Sum(v => 4 / 3.0 * Math.Exp(scores[i][v]))));
        });
        Assert.That(loss, Is.EqualTo(expected).Within(1e-5));
    });

    [Test]
    public void Loss_WithAsManyNegativesAsNodes_IsTheWholeOne()
    {
        double whole = 0;
        With(new(), verbalizer => whole = Loss(verbalizer).item<float>());

        With(new() { Negatives = 4 }, verbalizer => Assert.That(Loss(verbalizer).item<float>(), Is.EqualTo(whole)));
    }

    [Test]
    public void Loss_WithN3_AddsTheCubes() => With(new() { N3 = 0.1 }, verbalizer =>
    {
        double entropy = Scores().Select(Softmax).Select((p, i) => -Math.Log(p[s_answers[i]])).Average();
        double cubes = Enumerable.Range(0, 3).Average(i => new[] { s_states[s_asked[i]], s_relations[s_by[i]], s_states[s_answers[i]] }.Sum(x => x.Sum(e => Math.Pow(Math.Abs(e), 3))));

        Assert.That(Loss(verbalizer).item<float>(), Is.EqualTo(entropy + (0.1 * cubes)).Within(1e-5));
    });

    [Test]
    public void Loss_WithDropout_DropsInTrainingAlone() => With(new() { Dropout = 0.5 }, verbalizer =>
    {
        double entropy = Scores().Select(Softmax).Select((p, i) => -Math.Log(p[s_answers[i]])).Average();
        verbalizer.train();
        manual_seed(1).Dispose();

        Assert.That(Loss(verbalizer).item<float>(), Is.Not.EqualTo(entropy).Within(1e-3));
        verbalizer.eval();
        Assert.That(Loss(verbalizer).item<float>(), Is.EqualTo(entropy).Within(1e-5));
    });

    [Test]
    public void Bind_ATaskOfClasses_IsRefused()
    {
        using Backbone backbone = Network();
        using Template template = new GraphTemplate(new());
        using var verbalizer = new DistMultVerbalizer(new());

        Assert.That(
            Assert.Throws<InvalidRunException>(() => verbalizer.Bind(backbone, template, FakeTask.Sentiment()))!.Message,
            Is.EqualTo("verbalizer must suit the task: 'distmult' ranks the nodes that relations lead to, but 'fake' asks for no nodes by relations; the task 'links' does"));
    }

    [Test]
    public void Score_OfSeveralGraphsOrNoRelation_IsRefused() => With(new(), verbalizer =>
    {
        Hidden hidden = Asked();
        var batch = (GraphBatch)hidden.Batch;

        Assert.That(
            Assert.Throws<InvalidRunException>(() => verbalizer.Score(hidden with { Batch = batch with { Graphs = 2 } }))!.Message,
            Is.EqualTo("verbalizer 'distmult' must be asked about one graph in a batch, among whose nodes are the answers, but a batch has 2"));
        Assert.That(
            Assert.Throws<InvalidRunException>(() => verbalizer.Score(hidden with { Batch = batch with { ReadRelations = null } }))!.Message,
            Is.EqualTo("verbalizer 'distmult' must be asked about a node and a relation in every example, but an example has none"));
    });

    [TestCase("graph", true, "template.hops must be left out for 'links', whose answers are nodes of the whole graph")]
    [TestCase("all-in-one", false, "template must leave the graph its nodes, which are the answers of 'links', but 'all-in-one' adds some; 'gpf' would do")]
    public void Bind_TemplateThatChangesTheNodes_IsRefused(string name, bool cuts, string problem)
    {
        using Backbone backbone = Network();
        using Template template = name == "graph" ? new GraphTemplate(new() { Hops = cuts ? 1 : null }) : new AllInOneTemplate(new());

        Assert.That(Assert.Throws<InvalidRunException>(() => template.Bind(backbone, new FakeLinks()))!.Message, Is.EqualTo(problem));
    }

    private static IEnumerable<double[]> Scores() => Enumerable.Range(0, 3).Select(i
        => s_states.Select(v => Enumerable.Range(0, 2).Sum(k => s_states[s_asked[i]][k] * s_relations[s_by[i]][k] * v[k])).ToArray());

    private static double[] Softmax(double[] scores) => [.. scores.Select(s => Math.Exp(s) / scores.Sum(Math.Exp))];

    private static Tensor Loss(Verbalizer verbalizer) => ((ILossVerbalizer)verbalizer).Loss(Asked(), tensor(s_answers));

    private static Parameter Relations(Verbalizer verbalizer) => verbalizer.get_parameter("relations")!;

    private static Hidden Asked() => new(
        tensor(s_states.SelectMany(s => s.Select(v => (float)v)).ToArray()).view(4, 2),
        new GraphBatch
        {
            Nodes = zeros(4, 2), EdgeIndex = zeros([2, 0], dtype: ScalarType.Int64), NodeGraph = zeros(4, dtype: ScalarType.Int64), Graphs = 1,
            ReadNodes = tensor(s_asked), ReadRelations = tensor(s_by),
        });

    private static void With(DistMultVerbalizerOptions options, Action<Verbalizer> check)
    {
        using DisposeScope scope = NewDisposeScope();
        using Backbone backbone = Network();
        using Template template = new GraphTemplate(new());
        using var verbalizer = new DistMultVerbalizer(options);
        template.Bind(backbone, new FakeLinks());
        verbalizer.Bind(backbone, template, new FakeLinks());
        using (no_grad()) { Relations(verbalizer).copy_(tensor(s_relations.SelectMany(r => r.Select(v => (float)v)).ToArray()).view(3, 2)); }
        check(verbalizer);
    }

    // Two wide; what it computes is not looked at.
    private static Backbone Network() => new GinLoader(new GinOptions { Seed = 3, Layers = 1, HiddenSize = 2, Scheme = GraphScheme.Features, Features = 2 }).Load();
}
