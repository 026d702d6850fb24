using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace DeltaTune.Torch.Tests.Nn;

/// <summary>Recurrent networks against their equations, step by step.</summary>
[TestFixture]
internal sealed class RecurrentTests
{
    private DisposeScope _scope = null!;

    [SetUp]
    public void OpenScope()
    {
        _scope = NewDisposeScope();
        manual_seed(11);
    }

    [TearDown]
    public void CloseScope() => _scope.Dispose();

    [Test]
    public void Lstm_Sequence_FollowsTheEquations()
    {
        using LSTM network = nn.LSTM(3, 5, batchFirst: true, dtype: ScalarType.Float64);
        Tensor x = randn(2, 4, 3, ScalarType.Float64);

        (Tensor output, Tensor lastHidden, Tensor lastCell) = network.call(x);

        Tensor h = zeros(2, 5, ScalarType.Float64), c = zeros(2, 5, ScalarType.Float64);
        for (int t = 0; t < 4; t++)
        {
            // i, f, g, o; c = f∘c + i∘g, h = o∘tanh c
            Tensor[] gates = Gates(network, x.select(1, t), h).chunk(4, 1);
            c = gates[1].sigmoid().mul(c).add(gates[0].sigmoid().mul(gates[2].tanh()));
            h = gates[3].sigmoid().mul(c.tanh());
            Assert.That(output.select(1, t).sub(h).abs().max().item<double>(), Is.LessThan(1e-12));
        }
        Assert.That(lastHidden[0].sub(h).abs().max().item<double>(), Is.LessThan(1e-12));
        Assert.That(lastCell[0].sub(c).abs().max().item<double>(), Is.LessThan(1e-12));
    }

    [Test]
    public void Gru_Sequence_FollowsTheEquations()
    {
        using GRU network = nn.GRU(3, 5, dtype: ScalarType.Float64);
        Tensor x = randn(4, 2, 3, ScalarType.Float64);
        Tensor first = randn(1, 2, 5, ScalarType.Float64);

        (Tensor output, _) = network.call(x, first);

        Tensor h = first[0];
        for (int t = 0; t < 4; t++)
        {
            // r, z, n = tanh(W x + b + r∘(U h + b')), h = (1 − z)∘n + z∘h
            Tensor[] input = nn.functional.linear(x[t], Weight(network, "weight_ih_l0"), Weight(network, "bias_ih_l0")).chunk(3, 1);
            Tensor[] hidden = nn.functional.linear(h, Weight(network, "weight_hh_l0"), Weight(network, "bias_hh_l0")).chunk(3, 1);
            Tensor r = input[0].add(hidden[0]).sigmoid(), z = input[1].add(hidden[1]).sigmoid();
            Tensor n = input[2].add(r.mul(hidden[2])).tanh();
            h = n.sub(z.mul(n)).add(z.mul(h));
            Assert.That(output[t].sub(h).abs().max().item<double>(), Is.LessThan(1e-12));
        }
    }

    [Test]
    public void Lstm_TwoLayersBothWays_HasPyTorchsNames()
    {
        using LSTM network = nn.LSTM(3, 5, numLayers: 2, bidirectional: true);

        Assert.That(network.named_parameters().Select(pair => $"{pair.name} [{string.Join(", ", pair.parameter.shape)}]"), Is.EqualTo(new[]
        {
            "weight_ih_l0 [20, 3]", "weight_hh_l0 [20, 5]", "bias_ih_l0 [20]", "bias_hh_l0 [20]",
            "weight_ih_l0_reverse [20, 3]", "weight_hh_l0_reverse [20, 5]", "bias_ih_l0_reverse [20]", "bias_hh_l0_reverse [20]",
            "weight_ih_l1 [20, 10]", "weight_hh_l1 [20, 5]", "bias_ih_l1 [20]", "bias_hh_l1 [20]",
            "weight_ih_l1_reverse [20, 10]", "weight_hh_l1_reverse [20, 5]", "bias_ih_l1_reverse [20]", "bias_hh_l1_reverse [20]",
        }));
        Assert.That(network.call(ones(4, 2, 3)).Item1.shape, Is.EqualTo(new long[] { 4, 2, 10 }));
    }

    [Test]
    public void Lstm_AfterMove_UsesTheMovedWeights()
    {
        using LSTM network = nn.LSTM(3, 5);

        network.to(ScalarType.Float64);
        network.call(ones(4, 2, 3, ScalarType.Float64)).Item1.sum().backward();

        Assert.That(network.get_parameter("weight_hh_l0")!.grad!.dtype, Is.EqualTo(ScalarType.Float64));
    }

    private static Tensor Gates(nn.Module network, Tensor x, Tensor h)
        => nn.functional.linear(x, Weight(network, "weight_ih_l0"), Weight(network, "bias_ih_l0"))
            .add(nn.functional.linear(h, Weight(network, "weight_hh_l0"), Weight(network, "bias_hh_l0")));

    private static Parameter Weight(nn.Module network, string name) => network.get_parameter(name)!;
}
