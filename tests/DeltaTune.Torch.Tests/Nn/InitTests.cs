using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace DeltaTune.Torch.Tests.Nn;

[TestFixture]
internal sealed class InitTests
{
    private DisposeScope _scope = null!;

    [SetUp]
    public void OpenScope()
    {
        _scope = NewDisposeScope();
        manual_seed(1);
    }

    [TearDown]
    public void CloseScope() => _scope.Dispose();

    private static readonly object[] s_uniform =
    [
        new object[] { "kaiming", (Func<Tensor, Tensor>)(w => nn.init.kaiming_uniform_(w)), Math.Sqrt(6.0 / 300) },
        new object[] { "kaiming out relu", (Func<Tensor, Tensor>)(w => nn.init.kaiming_uniform_(w, 0, nn.init.FanInOut.FanOut, nn.init.NonlinearityType.ReLU)), Math.Sqrt(6.0 / 200) },
        new object[] { "linear", (Func<Tensor, Tensor>)(w => nn.init.kaiming_uniform_(w, Math.Sqrt(5))), Math.Sqrt(1.0 / 300) },
        new object[] { "xavier", (Func<Tensor, Tensor>)(w => nn.init.xavier_uniform_(w, 2)), 2 * Math.Sqrt(6.0 / 500) },
    ];

    [TestCaseSource(nameof(s_uniform))]
    public void Uniform_Rule_FillsItsRange(string rule, Func<Tensor, Tensor> fill, double bound)
    {
        var weight = new Parameter(zeros(200, 300));

        Tensor same = fill(weight);

        Assert.That(same, Is.SameAs(weight), rule);
        Assert.That(weight.abs().max().item<float>(), Is.InRange(bound * 0.999, bound)); // 60,000 draws
        Assert.That(weight.detach().std().item<float>(), Is.EqualTo(bound / Math.Sqrt(3)).Within(0.01 * bound));
        Assert.That(weight.is_leaf && weight.requires_grad, Is.True);
    }

    private static readonly object[] s_normal =
    [
        new object[] { "kaiming", (Func<Tensor, Tensor>)(w => nn.init.kaiming_normal_(w)), Math.Sqrt(2.0 / 300) },
        new object[] { "xavier", (Func<Tensor, Tensor>)(w => nn.init.xavier_normal_(w)), Math.Sqrt(2.0 / 500) },
        new object[] { "normal", (Func<Tensor, Tensor>)(w => nn.init.normal_(w, 0, 0.02)), 0.02 },
    ];

    [TestCaseSource(nameof(s_normal))]
    public void Normal_Rule_HasItsDeviation(string rule, Func<Tensor, Tensor> fill, double deviation)
        => Assert.That(fill(zeros(200, 300)).std().item<float>(), Is.EqualTo(deviation).Within(0.02 * deviation), rule); // 7 deviations of 60,000 draws

    [Test]
    public void TruncNormal_Draws_StayInsideAndHaveTheTruncatedDeviation()
    {
        Tensor drawn = nn.init.trunc_normal_(zeros(200, 300), 0, 1, -1, 1);

        Assert.That(drawn.abs().max().item<float>(), Is.LessThanOrEqualTo(1));
        // variance of the normal distribution cut at ±1: 1 − 2φ(1)/(2Φ(1) − 1)
        Assert.That(drawn.std().item<float>(), Is.EqualTo(Math.Sqrt(1 - (2 * 0.24197072451914337 / 0.6826894921370859))).Within(0.01));
    }

    [TestCase(4, 6)]
    [TestCase(6, 4)]
    public void Orthogonal_Matrix_HasOrthonormalShorterSide(long rows, long columns)
    {
        Tensor matrix = nn.init.orthogonal_(zeros(rows, columns, ScalarType.Float64), 3);

        Tensor product = rows < columns ? matrix.mm(matrix.t()) : matrix.t().mm(matrix);
        Assert.That(product.sub(eye(4, dtype: ScalarType.Float64).mul(9)).abs().max().item<double>(), Is.LessThan(1e-12));
    }

    [Test]
    public void Constants_Fill_AreExact()
    {
        Assert.That(nn.init.constant_(zeros(3), 2.5).data<float>().ToArray(), Is.All.EqualTo(2.5f));
        Assert.That(nn.init.ones_(new Parameter(zeros(3))).sum().item<float>(), Is.EqualTo(3));
        Assert.That(nn.init.eye_(ones(2, 3)).data<float>().ToArray(), Is.EqualTo(new float[] { 1, 0, 0, 0, 1, 0 }));
    }

    [Test]
    public void Fan_Vector_IsRefused()
        => Assert.That(() => nn.init.xavier_uniform_(zeros(3)), Throws.ArgumentException.With.Message.Contains("but the tensor is [3]"));
}
