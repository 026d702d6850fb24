using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace DeltaTune.Torch.Tests.Nn;

[TestFixture]
internal sealed class LayerTests
{
    private DisposeScope _scope = null!;

    [SetUp]
    public void OpenScope()
    {
        _scope = NewDisposeScope();
        manual_seed(5);
    }

    [TearDown]
    public void CloseScope() => _scope.Dispose();

    [Test]
    public void Linear_Forward_IsTheAffineMap()
    {
        using Linear linear = nn.Linear(4, 3, dtype: ScalarType.Float64);
        Tensor x = randn(2, 5, 4, ScalarType.Float64);

        Tensor y = linear.call(x);

        Assert.That(y.shape, Is.EqualTo(new long[] { 2, 5, 3 }));
        double expected = linear.bias![1].item<double>();
        for (int k = 0; k < 4; k++)
        {
            expected += x[1, 3, k].item<double>() * linear.weight[1, k].item<double>();
        }
        Assert.That(y[1, 3, 1].item<double>(), Is.EqualTo(expected).Within(1e-12));
    }

    [Test]
    public void Linear_FirstValues_LieWithinOneOverRootOfIn()
    {
        using Linear linear = nn.Linear(64, 50);

        Assert.That(linear.weight.abs().max().item<float>(), Is.InRange(0.12f, 0.125f));
        Assert.That(linear.bias!.abs().max().item<float>(), Is.InRange(0.09f, 0.125f));
    }

    [Test]
    public void Linear_WrongBias_IsRefused()
        => Assert.That(() => nn.Linear(new Parameter(ones(3, 2)), new Parameter(ones(2))), Throws.ArgumentException.With.Message.Contains("[3, 2] and [2]"));

    [Test]
    public void Linear_SetWeight_ReplacesAndDisposes()
    {
        using Linear linear = nn.Linear(2, 3);
        Parameter old = linear.weight;

        linear.weight = new Parameter(zeros(3, 2));
        linear.bias = linear.bias;

        Assert.That(old.IsInvalid, Is.True);
        Assert.That(linear.bias!.IsInvalid, Is.False);
        Assert.That(linear.get_parameter("weight"), Is.SameAs(linear.weight));
    }

    [Test]
    public void Embedding_PaddingRow_IsZeroAndGetsNoGradient()
    {
        using Embedding table = nn.Embedding(6, 3, padding_idx: 2);

        Tensor found = table.call(tensor(new long[] { 2, 5, 2 }));
        found.sum().backward();

        Assert.That(found[0].abs().sum().item<float>(), Is.Zero);
        Assert.That(found[1].eq(table.weight![5]).all().item<bool>(), Is.True);
        Assert.That(table.weight.grad!.sum(1).data<float>().ToArray(), Is.EqualTo(new float[] { 0, 0, 0, 0, 0, 3 }));
    }

    [Test]
    public void Embedding_FromPretrained_IsFrozenByDefault()
    {
        using Embedding table = nn.Embedding_from_pretrained(ones(4, 2));

        Assert.That(table.weight!.requires_grad, Is.False);
    }

    [Test]
    public void LayerNorm_Forward_NormalisesTheLastDimension()
    {
        using LayerNorm norm = nn.LayerNorm(8, dtype: ScalarType.Float64);
        Tensor x = randn(3, 8, ScalarType.Float64);

        Tensor y = norm.call(x);

        Tensor mean = x.mean([-1L], keepdim: true);
        Tensor variance = x.sub(mean).pow(2).mean([-1L], keepdim: true);
        Tensor expected = x.sub(mean).div(variance.add(1e-5).sqrt());
        Assert.That(y.sub(expected).abs().max().item<double>(), Is.LessThan(1e-12));
        Assert.That(norm.named_parameters().Select(pair => pair.name), Is.EqualTo(new[] { "weight", "bias" }));
    }

    [Test]
    public void BatchNorm_TwoBatches_KeepsRunningStatistics()
    {
        using BatchNorm1d norm = nn.BatchNorm1d(2, dtype: ScalarType.Float64);
        Tensor x = tensor(new double[,] { { 1, 10 }, { 3, 30 } }); // means 2 and 20, variances (over n − 1) 2 and 200

        norm.call(x);

        Assert.That(norm.running_mean!.data<double>().ToArray(), Is.EqualTo(new[] { 0.2, 2.0 }).Within(1e-12));
        Assert.That(norm.running_var!.data<double>().ToArray(), Is.EqualTo(new[] { 0.9 + 0.2, 0.9 + 20 }).Within(1e-12));
        Assert.That(norm.num_batches_tracked!.item<long>(), Is.EqualTo(1));
        norm.eval();
        Assert.That(norm.call(x)[0, 0].item<double>(), Is.EqualTo(0.8 / Math.Sqrt(1.1 + 1e-5)).Within(1e-12));
        Assert.That(norm.state_dict().Keys, Is.EqualTo(new[] { "weight", "bias", "running_mean", "running_var", "num_batches_tracked" }));
    }

    [Test]
    public void BatchNorm_WrongDimensions_IsRefused()
    {
        using BatchNorm1d norm = nn.BatchNorm1d(2);

        Assert.That(() => norm.call(ones(2, 2, 2, 2)), Throws.ArgumentException.With.Message.Contains("got 4 dimensions"));
    }

    [Test]
    public void Dropout_TrainingAndEvaluation_DropsOrNot()
    {
        using Dropout dropout = nn.Dropout(0.25);
        Tensor x = ones(100_000);

        Tensor dropped = dropout.call(x);
        dropout.eval();

        Assert.That(dropped.eq(0).to(ScalarType.Float64).mean().item<double>(), Is.EqualTo(0.25).Within(0.01)); // 7 deviations
        Assert.That(dropped.max().item<float>(), Is.EqualTo(1 / 0.75f).Within(1e-6));
        Assert.That(dropout.call(x).eq(x).all().item<bool>(), Is.True);
    }

    [Test]
    public void Identity_Call_GivesAnAlias()
    {
        using Identity identity = nn.Identity();
        Tensor x = ones(2);

        Tensor y = identity.call(x);

        Assert.That(y, Is.Not.SameAs(x));
        Assert.That(y.eq(x).all().item<bool>(), Is.True);
    }

    [Test]
    public void Call_WithoutHooks_LeavesOnlyItsResult()
    {
        using Linear linear = nn.Linear(4, 3);
        Tensor x = ones(2, 4);
        long before = DisposeScopeManager.Statistics.ThreadTotalLiveCount;

        Tensor y = linear.call(x);

        Assert.That(DisposeScopeManager.Statistics.ThreadTotalLiveCount - before, Is.EqualTo(1));
        y.Dispose();
        Assert.That(DisposeScopeManager.Statistics.ThreadTotalLiveCount, Is.EqualTo(before));
    }
}
