using DeltaTune.Backbones.Graphs;
using TorchSharp;
using static TorchSharp.torch;

namespace DeltaTune.Backbones.Tests.Graphs;

[TestFixture]
public sealed class EdgeListTests
{
    private static readonly long[] Sources = [0, 3, 1, 1, 2, 0], Targets = [2, 2, 0, 2, 3, 2]; // two edges from 0 to 2

    [Test]
    public void AddSent_WeighedOrNot_IsTheProductWithTheAdjacencyMatrix(
        [Values(ScalarType.Float32, ScalarType.Float64, ScalarType.BFloat16)] ScalarType type, [Values] bool placed, [Values] bool weighed, [Values] bool weightsTrain)
    {
        Assume.That(weighed || !weightsTrain);
        using DisposeScope scope = NewDisposeScope();
        Tensor own = arange(8, ScalarType.Float32).to(type).view(4, 2).requires_grad_(true), states = (arange(8, ScalarType.Float32) - 3).to(type).view(4, 2).requires_grad_(true);
        Tensor? weights = weighed ? tensor((float[])[1, 2, 0.5f, 4, 1, 2]).to(type).unsqueeze(1).requires_grad_(weightsTrain) : null; // exact in every type
        Tensor scale = tensor((float[])[1, 2, 4, 8]).to(type).unsqueeze(1);
        Tensor matrix = zeros([4, 4]);
        for (int e = 0; e < Sources.Length; e++)
        {
            matrix[Targets[e], Sources[e]] += weights?[e, 0].detach().to(ScalarType.Float32) ?? ones([]);
        }

        matrix = matrix.to(type);
        var edges = new EdgeList(tensor(Sources), tensor(Targets), 4, null);
        if (placed)
        {
            edges.Place(states);
        }

        Tensor sums = edges.AddSent(own, states, weights);
        (sums * scale).sum().backward();

        Assert.That(sums.detach().equal(own.detach() + matrix.mm(states.detach())).all().item<bool>(), Is.True);
        Assert.That(states.grad!.equal(matrix.t().mm(scale.expand(4, 2))).all().item<bool>(), Is.True);
        Assert.That(own.grad!.equal(scale.expand(4, 2)).all().item<bool>(), Is.True);
        if (weightsTrain)
        {
            for (int e = 0; e < Sources.Length; e++)
            {
                Assert.That(weights!.grad![e, 0].to(ScalarType.Float32).item<float>(), Is.EqualTo((states.detach()[Sources[e]].sum() * scale[Targets[e], 0]).to(ScalarType.Float32).item<float>()), $"edge {e}");
            }
        }
    }

    [Test]
    public void SumSent_HeadByHead_IsTheWeighedSumAndItsGradients(
        [Values(ScalarType.Float32, ScalarType.Float64, ScalarType.BFloat16)] ScalarType type, [Values(1, 3)] int heads, [Values] bool valuesTrain, [Values] bool weightsTrain)
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor values = (arange(8 * heads, ScalarType.Float32) - 5).to(type).view(4, heads, 2).requires_grad_(valuesTrain);
        Tensor weights = arange(6 * heads, ScalarType.Float32).remainder(5).to(type).view(6, heads).requires_grad_(weightsTrain); // small whole numbers, exact in every type
        Tensor scale = (arange(8 * heads, ScalarType.Float32).remainder(3) - 1).to(type).view(4, heads, 2);
        Tensor expected = zeros([4, heads, 2], type), valuesGradient = zeros_like(expected), weightsGradient = zeros([6, heads], type);
        for (int e = 0; e < Sources.Length; e++)
        {
            Tensor weight = weights[e].detach().unsqueeze(1), value = values[Sources[e]].detach(), back = scale[Targets[e]]; // [heads, 1] and [heads, 2]
            expected[Targets[e]] += weight * value;
            valuesGradient[Sources[e]] += weight * back;
            weightsGradient[e] = (value * back).sum(dim: 1);
        }

        Tensor sums = new EdgeList(tensor(Sources), tensor(Targets), 4, null).SumSent(values, weights);

        Assert.That(sums.detach().equal(expected).all().item<bool>(), Is.True);
        Assert.That(sums.requires_grad, Is.EqualTo(valuesTrain || weightsTrain));
        if (sums.requires_grad)
        {
            (sums * scale).sum().backward();
            Assert.That(!valuesTrain || values.grad!.equal(valuesGradient).all().item<bool>(), Is.True, "values");
            Assert.That(!weightsTrain || weights.grad!.equal(weightsGradient).all().item<bool>(), Is.True, "weights");
        }
    }

    [Test]
    public void SumSent_MoreEdgesThanAPieceHolds_HasTheGradientOfEveryWeight()
    {
        using DisposeScope scope = NewDisposeScope();
        const int nodes = 50, edges = 30_000, size = 16; // a piece holds 8192 of them
        Tensor sources = arange(edges, ScalarType.Int64) * 7 % nodes, targets = arange(edges, ScalarType.Int64) * 11 % nodes;
        Tensor values = (arange(nodes * size, ScalarType.Float64) % 13).view(nodes, 1, size), scale = (arange(nodes * size, ScalarType.Float64) % 17).view(nodes, 1, size);
        Tensor weights = ones([edges, 1], ScalarType.Float64).requires_grad_(true);

        (new EdgeList(sources, targets, nodes, null).SumSent(values, weights) * scale).sum().backward();

        Assert.That(weights.grad!.squeeze(1).equal((values.index_select(0, sources) * scale.index_select(0, targets)).sum([1, 2])).all().item<bool>(), Is.True);
    }

    [Test]
    public void SumSent_NoEdges_IsZero()
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor none = zeros([0], ScalarType.Int64), values = ones([3, 2, 4]).requires_grad_(true), weights = zeros([0, 2]).requires_grad_(true);

        Tensor sums = new EdgeList(none, none, 3, null).SumSent(values, weights);
        sums.sum().backward();

        Assert.That(sums.shape, Is.EqualTo(new long[] { 3, 2, 4 }));
        Assert.That(sums.count_nonzero().item<long>() + values.grad!.count_nonzero().item<long>(), Is.Zero);
    }
}
