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
}
