using DeltaTune.Backbones.Graphs;
using DeltaTune.Batches;
using DeltaTune.Prompts;
using static TorchSharp.torch;

namespace DeltaTune.Backbones.Tests.Graphs;

[TestFixture]
public sealed class PlaceNumbersTests
{
    private const double Tolerance = 1e-6; // float32 of float64 results

    // Of a path of n nodes, cos(π·k·i / (n − 1)) times the root of the degree is the eigenvector of 1 − cos(π·k / (n − 1)).
    [Test]
    public void Of_Path_AreTheCosinesOfThePath([Values(2, 3, 6, 9)] int nodes)
    {
        int size = nodes - 1;
        (int[] sources, int[] targets) = Path(nodes);

        float[] seen = PlaceNumbers.Of(GraphEncoding.Laplacian, size, nodes, sources, targets);

        for (int k = 1; k < nodes; k++)
        {
            double[] wanted = [.. Enumerable.Range(0, nodes).Select(i => Math.Sqrt(i == 0 || i == nodes - 1 ? 1 : 2) * Math.Cos(Math.PI * k * i / (nodes - 1)))];
            double length = Math.Sqrt(wanted.Sum(v => v * v)), largest = wanted.Max(Math.Abs);
            double sign = Math.Sign(wanted.First(v => Math.Abs(v) > largest - 1e-9));
            Assert.That(Column(seen, size, k - 1), Is.EqualTo(wanted.Select(v => v * sign / length)).Within(Tolerance), $"vector {k}");
        }
    }

    // Of a cycle the eigenvalues come in pairs, each with a plane of eigenvectors: the planes are known, the vectors in them are not.
    [Test]
    public void Of_Cycle_SpanThePlanesOfTheCycle([Values(5, 7)] int nodes)
    {
        int[] sources = [.. Enumerable.Range(0, nodes)], targets = [.. Enumerable.Range(0, nodes).Select(i => (i + 1) % nodes)]; // one way: directions do not count

        float[] seen = PlaceNumbers.Of(GraphEncoding.Laplacian, nodes - 1, nodes, sources, targets);

        for (int k = 1; k <= nodes / 2; k++)
        {
            float[] first = Column(seen, nodes - 1, (2 * k) - 2), second = Column(seen, nodes - 1, (2 * k) - 1);
            for (int i = 0; i < nodes; i++)
            {
                for (int j = 0; j < nodes; j++)
                {
                    Assert.That((first[i] * first[j]) + (second[i] * second[j]), Is.EqualTo(2.0 / nodes * Math.Cos(2 * Math.PI * k * (i - j) / nodes)).Within(Tolerance), $"plane {k}, {i}, {j}");
                }
            }

            Assert.That(first.First(v => Math.Abs(v) > first.Max(Math.Abs) - 1e-5), Is.Positive);
        }
    }

    [Test]
    public void Of_FewNodes_FillWithZeros()
    {
        (int[] sources, int[] targets) = Path(2);

        Assert.That(PlaceNumbers.Of(GraphEncoding.Laplacian, 3, 2, sources, targets), Is.EqualTo(new[] { Math.Sqrt(0.5), 0, 0, -Math.Sqrt(0.5), 0, 0 }).Within(Tolerance));
        Assert.That(PlaceNumbers.Of(GraphEncoding.Laplacian, 2, 1, [], []), Is.EqualTo(new[] { 0f, 0f }));
    }

    // On a path of three a walk is at an end and in the middle in turns; on a triangle 0, 1/2, 1/4, 3/8 of the walks are back.
    [Test]
    public void Of_RandomWalks_AreTheSharesThatReturn()
    {
        (int[] sources, int[] targets) = Path(3);

        Assert.That(PlaceNumbers.Of(GraphEncoding.RandomWalk, 4, 3, sources, targets), Is.EqualTo(new[] { 0, 0.5, 0, 0.5, 0, 1, 0, 1, 0, 0.5, 0, 0.5 }).Within(Tolerance));
        Assert.That(
            PlaceNumbers.Of(GraphEncoding.RandomWalk, 4, 3, [0, 1, 1, 2, 2, 0], [1, 0, 2, 1, 0, 2])[..4], Is.EqualTo(new[] { 0, 0.5, 0.25, 0.375 }).Within(Tolerance));
    }

    [Test]
    public void Run_LaplacianNetwork_GivesAGraphTheSameAloneAndAmongOthers()
    {
        using Backbone backbone = new GpsLoader(new GpsOptions
        {
            Seed = 3, Layers = 1, HiddenSize = 8, Scheme = GraphScheme.Features, Features = 2, Encoding = GraphEncoding.Laplacian, EncodingSize = 3,
        }).Load();
        Graph[] graphs = [.. new[] { 4, 7, 2 }.Select(n => Path(n)).Select(p => new Graph(p.Sources.Max() + 1, new FeatureTable(2, [.. Enumerable.Repeat(0.5f, 2 * (p.Sources.Max() + 1))]), p.Sources, p.Targets))];
        using var off = no_grad();
        using var scope = TorchSharp.torch.NewDisposeScope();

        Tensor together = Run(backbone, graphs), alone = cat([.. graphs.Select(g => Run(backbone, g))], 0), again = Run(backbone, graphs);

        Assert.That((together - alone).abs().max().item<float>(), Is.LessThan(1e-5)); // float32, two layers of products
        Assert.That((together - again).abs().max().item<float>(), Is.Zero);
        Assert.That((alone.narrow(0, 0, 1) - alone.narrow(0, 3, 1)).abs().max().item<float>(), Is.GreaterThan(1e-3)); // the ends of a path, told apart by their numbers alone
    }

    [Test]
    public void Run_BatchThatAnotherMade_ComputesTheNumbersOfItsNodes()
    {
        using Backbone backbone = new GpsLoader(new GpsOptions
        {
            Seed = 3, Layers = 1, HiddenSize = 8, Scheme = GraphScheme.Features, Features = 2, Encoding = GraphEncoding.RandomWalk, EncodingSize = 3,
        }).Load();
        (int[] sources, int[] targets) = Path(4);
        var graph = new Graph(4, new FeatureTable(2, [1, 2, 3, 4, 5, 6, 7, 8f]), sources, targets);
        using var off = no_grad();
        using var scope = TorchSharp.torch.NewDisposeScope();
        var batch = (GraphBatch)backbone.InputEncoder.Collate([new EncodedGraph(graph), new EncodedGraph(graph)], CPU);

        Tensor kept = backbone.Run(batch, ReadOutKind.States).States, computed = backbone.Run(batch with { Graphs = 2 }, ReadOutKind.States).States;

        Assert.That((kept - computed).abs().max().item<float>(), Is.Zero);
    }

    private static Tensor Run(Backbone backbone, params Graph[] graphs)
        => backbone.Run(backbone.InputEncoder.Collate([.. graphs.Select(g => new EncodedGraph(g))], CPU), ReadOutKind.States).States;

    private static (int[] Sources, int[] Targets) Path(int nodes)
    {
        IEnumerable<int> first = Enumerable.Range(0, nodes - 1);
        return ([.. first.SelectMany(i => new[] { i, i + 1 })], [.. first.SelectMany(i => new[] { i + 1, i })]);
    }

    private static float[] Column(float[] values, int width, int column) => [.. Enumerable.Range(0, values.Length / width).Select(i => values[(i * width) + column])];
}
