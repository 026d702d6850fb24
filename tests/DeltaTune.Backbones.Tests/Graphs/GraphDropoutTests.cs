using DeltaTune.Backbones.Graphs;
using DeltaTune.Conformance;
using TorchSharp;
using static TorchSharp.torch;

namespace DeltaTune.Backbones.Tests.Graphs;

[TestFixture]
public sealed class GraphDropoutTests
{
    private DisposeScope _scope = null!;

    [SetUp]
    public void Open() => _scope = NewDisposeScope();

    [TearDown]
    public void Close() => _scope.Dispose();

    [TestCase(0.1)]
    [TestCase(0.6)]
    public void Apply_InTraining_DropsThatShareAndDividesTheOthersByTheRest(double probability)
    {
        const int rows = 1000, columns = 301;
        manual_seed(1);

        float[] dropped = Molecules.Numbers(GraphDropout.Apply(ones(rows, columns), probability, training: true).flatten());

        Assert.That(dropped.Distinct().Order(), Is.EqualTo(new[] { 0, (float)(1 / (1 - probability)) }));
        double deviation = Math.Sqrt(probability * (1 - probability) / dropped.Length);
        Assert.That(dropped.Count(d => d == 0) / (double)dropped.Length, Is.EqualTo(probability).Within(5 * deviation));
        for (int lag = 1; lag <= 16; lag++)
        {
            // Elements that stand near one another, or in one lane, are dropped independently.
            int both = Enumerable.Range(0, dropped.Length - lag).Count(i => dropped[i] == 0 && dropped[i + lag] == 0);
            double square = probability * probability;
            Assert.That(both / (double)(dropped.Length - lag), Is.EqualTo(square).Within(8 * Math.Sqrt(square * (1 - square) / dropped.Length)), $"lag {lag}");
        }
    }

    [TestCase(1)]
    [TestCase(7)]
    [TestCase(8)]
    [TestCase(9)]
    public void Apply_AnySize_GoesByTheSeedAndGivesItsMaskAsGradient(int size)
    {
        Tensor states = full([size, 1], 3f).requires_grad_(true);

        Tensor first = Run(4), again = Run(4);
        first.sum().backward();

        Assert.That(Same.Values(first, again), Is.True);
        Assert.That(Enumerable.Range(5, 20).Any(seed => !Same.Values(first, Run(seed))), Is.True);
        Assert.That(Same.Values(states.grad! * 3, first), Is.True);

        Tensor Run(long seed)
        {
            manual_seed(seed);
            return GraphDropout.Apply(states, 0.5, training: true);
        }
    }

    [Test]
    public void Apply_OutsideTraining_GivesTheStates()
    {
        Tensor states = rand(2, 3);

        Assert.That(GraphDropout.Apply(states, 0.5, training: false), Is.SameAs(states));
        Assert.That(GraphDropout.Apply(states, 0, training: true), Is.SameAs(states));
    }
}
