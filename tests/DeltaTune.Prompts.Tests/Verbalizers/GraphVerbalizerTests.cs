using DeltaTune.Backbones;
using DeltaTune.Backbones.Graphs;
using DeltaTune.Batches;
using DeltaTune.Prompts.Templates;
using DeltaTune.Prompts.Verbalizers;
using DeltaTune.Tasks;
using TorchSharp;
using static TorchSharp.torch;

namespace DeltaTune.Prompts.Tests.Verbalizers;

/// <summary>Verbalizers on graphs, against numbers worked out by hand.</summary>
[TestFixture]
public sealed class GraphVerbalizerTests
{
    private static readonly FakeTask s_task = new(["smiles"], [new("active", ["strong"]), new("inactive", ["weak", "poor"])]);

    [Test]
    public void Similarity_Score_IsTheCosineToTheClassMeanOverTau() => With(
        new SimilarityVerbalizer(new() { Temperature = 0.5 }),
        (verbalizer, _) =>
        {
            ((IFittedVerbalizer)verbalizer).Fit([Labelled([0, 0, 1], [3, 0], [1, 0], [0, 2])]);

            Tensor scores = verbalizer.Score(Graphs([3, 4], [0, -1]));

            // Means (2, 0) and (0, 2): cosines of (3, 4) are 0.6 and 0.8, of (0, -1) are 0 and -1; over 0.5 twice that.
            Assert.That(scores.data<float>().ToArray(), Is.EqualTo(new[] { 1.2f, 1.6f, 0, -2 }).Within(1e-5));
            Assert.That(((IRefittedVerbalizer)verbalizer).FitsAfter(3), Is.True);
        });

    [Test]
    public void Similarity_ClassWithoutExamples_IsAnError() => With(new SimilarityVerbalizer(new()), (verbalizer, _) => Assert.That(
        Assert.Throws<InvalidRunException>(() => ((IFittedVerbalizer)verbalizer).Fit([Labelled([0], [1, 1])]))!.Message,
        Is.EqualTo("task must have training examples of every class, since classes are put among them, but has none of class 1")));

    [Test]
    public void LabelText_Score_IsTheCosineOfTheMappedStateToTheMeanOfTheWords()
    {
        string file = Path.GetTempFileName();
        try
        {
            File.WriteAllLines(file, ["4 3", "strong 0 2 0", "weak 1 0 0", "poor 0 0 1", "other x y z"]); // what nobody asks for is not looked at
            With(new LabelTextVerbalizer(new() { Vectors = file, Temperature = 1 }), (verbalizer, _) =>
            {
                using (no_grad()) { verbalizer.get_parameter("map.weight")!.copy_(tensor(new float[] { 1, 0, 0, 1, 0, 0 }).view(3, 2)); }

                Tensor scores = verbalizer.Score(Graphs([3, 4]));

                // Mapped to (3, 4, 0), beside (0, 2, 0) and (0.5, 0, 0.5).
                Assert.That(scores.data<float>().ToArray(), Is.EqualTo(new[] { 0.8f, 0.6f / MathF.Sqrt(2) }).Within(1e-5));
            });
        }
        finally
        {
            File.Delete(file);
        }
    }

    [Test]
    public void LabelText_WhatTheFileLacks_IsSaid()
    {
        string file = Path.GetTempFileName();
        try
        {
            File.WriteAllLines(file, ["strong 0 2 0", "weak 1 0"]);
            using var verbalizer = new LabelTextVerbalizer(new() { Vectors = file });
            using Backbone backbone = Network();
            using Template template = new GraphTemplate(new());
            Assert.That(
                Assert.Throws<InvalidRunException>(() => verbalizer.Bind(backbone, template, s_task))!.Message,
                Is.EqualTo($"{file}, line 2 must have 3 numbers, as the lines before, behind the word 'weak', but has 2"));

            File.WriteAllLines(file, ["strong 0 2 0"]);
            Assert.That(
                Assert.Throws<InvalidRunException>(() => verbalizer.Bind(backbone, template, s_task))!.Message,
                Is.EqualTo($"verbalizer.vectors must have a vector for a word of the text of class 'inactive', 'weak poor', but '{file}' has none"));
        }
        finally
        {
            File.Delete(file);
        }
    }

    [Test]
    public void Gppt_FitAndScore_TakeTheTokensOfTheNearestCluster() => With(
        new GpptVerbalizer(new() { Clusters = 2, Orthogonality = 0.5 }),
        (verbalizer, _) =>
        {
            // Two clusters, around (10, 0) and (-10, 0); the second has no example of class 1.
            ((IFittedVerbalizer)verbalizer).Fit([Labelled([0, 1, 0], [10, 1], [10, -1], [-10, 0])]);

            Hidden hidden = Graphs([9, 2], [-9, 1]);
            Tensor scores = verbalizer.Score(hidden);

            // Tokens: (10, 1), (10, -1); (-10, 0) and, for want of one, class 1's mean (10, -1).
            Assert.That(scores.data<float>().ToArray(), Is.EqualTo(new float[] { 92, 88, 90, -91 }).Within(1e-3));
            double loss = verbalizer is ILossVerbalizer own ? own.Loss(hidden, tensor(new long[] { 0, 0 })).item<float>() : double.NaN;
            double entropy = (Math.Log(1 + Math.Exp(-4)) + Math.Log(1 + Math.Exp(-181))) / 2;
            double excess = (100 * 100) + (2 * 99 * 99) + (100 * 100) + (99 * 99) + (2 * 100 * 100) + (100 * 100); // ‖E·Eᵀ − I‖² of each cluster
            Assert.That(loss, Is.EqualTo(entropy + (0.5 * excess)).Within(1e-6 * excess));
        });

    [Test]
    public void Gppt_AskedAboutANode_ReadsItsSurroundings() => With(
        new GpptVerbalizer(new() { Clusters = 1 }),
        (verbalizer, _) =>
        {
            using (no_grad()) { verbalizer.get_parameter("tokens")!.copy_(tensor(new float[] { 1, 0, 0, 1 }).view(1, 2, 2)); }
            var batch = (GraphBatch)Graphs([1, 2], [3, 6], [5, 1]).Batch with
            {
                EdgeIndex = tensor(new long[] { 1, 2, 0, 0 }).view(2, 2), NodeGraph = zeros(3, dtype: ScalarType.Int64), Graphs = 1, ReadNodes = tensor(new long[] { 0, 2 }),
            };

            Tensor scores = verbalizer.Score(new Hidden(tensor(new float[,] { { 1, 2 }, { 3, 6 }, { 5, 1 } }), batch));

            Assert.That(scores.data<float>().ToArray(), Is.EqualTo(new float[] { 3, 3, 5, 1 }).Within(1e-6)); // node 0 hears from 1 and 2, node 2 from none
        });

    [Test]
    public void Scores_Score_IsThePooledState() => With(new ScoresVerbalizer(new()), (verbalizer, backbone) =>
    {
        Hidden hidden = Graphs([3, 4], [0, -1]);

        Assert.That(verbalizer.Score(hidden).data<float>().ToArray(), Is.EqualTo(new float[] { 3, 4, 0, -1 })); // graphs of one node each
        Assert.That(verbalizer.parameters(), Is.Empty);
    });

    [Test]
    public void Scores_StateOfAnotherSizeThanTheClasses_IsAnError()
    {
        using Backbone backbone = Network();
        using Template template = new GraphTemplate(new());
        using var verbalizer = new ScoresVerbalizer(new());

        Assert.That(
            Assert.Throws<InvalidRunException>(() => verbalizer.Bind(backbone, template, new FakeTask(["smiles"], [new("a", []), new("b", []), new("c", [])])))!.Message,
            Is.EqualTo("verbalizer 'scores' must be given 3 numbers, a score a class, but this 'gin' gives 2; a graph network's backbone.output_size sets them, and 'linear' maps them"));
    }

    [TestCase("similarity")]
    [TestCase("gppt")]
    [TestCase("hypersphere")]
    [TestCase("proto")]
    [TestCase("linear")]
    [TestCase("head")]
    public void Score_OfGraphs_HasAScoreAClass(string name) => With(
        name switch
        {
            "similarity" => new SimilarityVerbalizer(new()),
            "gppt" => new GpptVerbalizer(new() { Clusters = 2 }),
            "hypersphere" => new HypersphereVerbalizer(new()),
            "proto" => new ProtoVerbalizer(new() { Scores = ProtoScores.Prototypes, Size = 4 }),
            "linear" => new LinearVerbalizer(new()),
            _ => new HeadVerbalizer(new()),
        },
        (verbalizer, _) =>
        {
            (verbalizer as IFittedVerbalizer)?.Fit([Labelled([0, 1, 0], [1, 0], [0, 1], [2, 1])]);

            Tensor scores = verbalizer.Score(Graphs([9, 2], [-9, 1], [3, 3]));

            Assert.That(scores.shape, Is.EqualTo(new long[] { 3, 2 }));
            Assert.That(scores.isfinite().all().item<bool>(), Is.True);
        });

    private static void With(Verbalizer verbalizer, Action<Verbalizer, Backbone> check)
    {
        using DisposeScope scope = NewDisposeScope();
        using Backbone backbone = Network();
        using Template template = new GraphTemplate(new());
        template.Bind(backbone, s_task);
        using (verbalizer)
        {
            verbalizer.Bind(backbone, template, s_task);
            check(verbalizer, backbone);
        }
    }

    // Two wide; what it computes is not looked at.
    private static Backbone Network() => new GinLoader(new GinOptions { Seed = 3, Layers = 1, HiddenSize = 2, Scheme = GraphScheme.Features, Features = 2 }).Load();

    private static LabelledHidden Labelled(long[] labels, params float[][] states) => new(Graphs(states), tensor(labels));

    // Graphs of one node each, with its state.
    private static Hidden Graphs(params float[][] states) => new(
        tensor(states.SelectMany(s => s).ToArray()).view(states.Length, 2),
        new GraphBatch
        {
            Nodes = zeros(states.Length, 2), EdgeIndex = zeros([2, 0], dtype: ScalarType.Int64), NodeGraph = arange(states.Length, ScalarType.Int64), Graphs = states.Length,
        });
}
