using TorchSharp;
using static TorchSharp.torch;
using static TorchSharp.torch.nn.functional;

namespace DeltaTune.Torch.Tests.Nn;

[TestFixture]
internal sealed class FunctionalTests
{
    private DisposeScope _scope = null!;

    [SetUp]
    public void OpenScope()
    {
        _scope = NewDisposeScope();
        manual_seed(3);
    }

    [TearDown]
    public void CloseScope() => _scope.Dispose();

    private static readonly (string Name, Func<Tensor, Tensor> Function, Func<double, double> Formula)[] s_activations =
    [
        ("relu", x => relu(x), x => Math.Max(0, x)),
        ("relu6", x => relu6(x), x => Math.Min(6, Math.Max(0, x))),
        ("silu", x => silu(x), x => x / (1 + Math.Exp(-x))),
        ("mish", x => mish(x), x => x * Math.Tanh(Math.Log(1 + Math.Exp(x)))),
        ("sigmoid", x => nn.functional.sigmoid(x), x => 1 / (1 + Math.Exp(-x))),
        ("tanh", x => nn.functional.tanh(x), Math.Tanh),
        ("elu", x => elu(x, 0.7), x => x > 0 ? x : 0.7 * (Math.Exp(x) - 1)),
        ("leaky_relu", x => leaky_relu(x, 0.2), x => x > 0 ? x : 0.2 * x),
        ("hardtanh", x => hardtanh(x, -0.5, 1.5), x => Math.Clamp(x, -0.5, 1.5)),
        ("softplus", x => softplus(x), x => Math.Log(1 + Math.Exp(x))),
        ("logsigmoid", x => logsigmoid(x), x => -Math.Log(1 + Math.Exp(-x))),
        ("softsign", x => softsign(x), x => x / (1 + Math.Abs(x))),
        ("tanhshrink", x => tanhshrink(x), x => x - Math.Tanh(x)),
        ("softshrink", x => softshrink(x), x => Math.Sign(x) * Math.Max(0, Math.Abs(x) - 0.5)),
        ("hardshrink", x => hardshrink(x), x => Math.Abs(x) > 0.5 ? x : 0),
        ("threshold", x => threshold(x, 0.1, 9), x => x > 0.1 ? x : 9),
        ("gelu_tanh", x => gelu(x, TorchSharp.Modules.GELU.Approximate.tanh), x => x / 2 * (1 + Math.Tanh(Math.Sqrt(2 / Math.PI) * (x + (0.044715 * x * x * x))))),
    ];

    private static IEnumerable<TestCaseData> Activations => s_activations.Select(entry => new TestCaseData(entry.Function, entry.Formula).SetArgDisplayNames(entry.Name));

    [TestCaseSource(nameof(Activations))]
    public void Activation_Values_FollowTheFormula(Func<Tensor, Tensor> function, Func<double, double> formula)
    {
        double[] points = [-3, -0.9, -0.2, 0.3, 1, 2.5, 7];

        double[] actual = function(tensor(points)).data<double>().ToArray();

        Assert.That(actual, Is.EqualTo(points.Select(formula)).Within(1e-12));
    }

    [Test]
    public void Gelu_AtOne_IsThePhiOfOne()
        => Assert.That(gelu(ones(1, ScalarType.Float64)).item<double>(), Is.EqualTo(0.84134474606854293).Within(1e-12)); // Φ(1)

    [Test]
    public void Relu_InPlace_ChangesItsArgument()
    {
        Tensor x = tensor(new float[] { -1, 2 });

        Tensor y = relu(x, inplace: true);

        Assert.That(x.data<float>().ToArray(), Is.EqualTo(new float[] { 0, 2 }));
        Assert.That(y.data<float>().ToArray(), Is.EqualTo(new float[] { 0, 2 }));
    }

    [TestCase(false, false)]
    [TestCase(true, false)]
    [TestCase(false, true)]
    public void Attention_AnyMask_FollowsTheDefinition(bool masked, bool causal)
    {
        Tensor q = randn([2, 3, 4, 5], ScalarType.Float64), k = randn([2, 3, 6, 5], ScalarType.Float64), v = randn([2, 3, 6, 5], ScalarType.Float64);
        bool[,] see = new bool[4, 6];
        for (int i = 0; i < 4; i++)
        {
            for (int j = 0; j < 6; j++)
            {
                see[i, j] = masked ? (i + j) % 3 != 0 : !causal || j <= i;
            }
        }
        Tensor? mask = masked ? tensor(see) : null;

        Tensor actual = scaled_dot_product_attention(q, k, v, mask, 0, causal);

        for (int i = 0; i < 4; i++)
        {
            double[] weights = [.. Enumerable.Range(0, 6).Select(j => see[i, j] ? Math.Exp(q[1, 2, i].dot(k[1, 2, j]).item<double>() / Math.Sqrt(5)) : 0)];
            double expected = Enumerable.Range(0, 6).Sum(j => weights[j] * v[1, 2, j, 3].item<double>()) / weights.Sum();
            Assert.That(actual[1, 2, i, 3].item<double>(), Is.EqualTo(expected).Within(1e-12));
        }
    }

    [Test]
    public void Attention_AdditiveMask_EqualsTheBooleanOne()
    {
        Tensor q = randn([1, 2, 3, 4]), k = randn([1, 2, 5, 4]), v = randn([1, 2, 5, 4]);
        Tensor see = tensor(new[] { true, true, false, true, false }).expand(3, 5); // the fused operator of libtorch 2 wants queries x keys
        Tensor add = zeros(3, 5).masked_fill(see.logical_not(), double.NegativeInfinity);

        Tensor difference = scaled_dot_product_attention(q, k, v, see) - scaled_dot_product_attention(q, k, v, add);

        Assert.That(difference.abs().max().item<float>(), Is.Zero);
    }

    [Test]
    public void Attention_Backward_ReachesEveryInput()
    {
        Tensor q = randn([1, 1, 3, 4], requires_grad: true), k = randn([1, 1, 3, 4], requires_grad: true), v = randn([1, 1, 3, 4], requires_grad: true);

        scaled_dot_product_attention(q, k, v, null, 0, true).sum().backward();

        Assert.That(new[] { q.grad, k.grad, v.grad }, Has.None.Null);
    }

    [Test]
    public void Attention_MaskAndCausal_IsRefused()
        => Assert.That(() => scaled_dot_product_attention(ones(1, 2, 3), ones(1, 2, 3), ones(1, 2, 3), ones(2, 2), 0, true), Throws.ArgumentException);

    [Test]
    public void CrossEntropy_IgnoredLabelAndSmoothing_FollowTheFormula()
    {
        double[,] scores = { { 1, 2, 3 }, { 0, 0, 0 }, { 2, -1, 0 } };
        long[] labels = [2, -100, 0];
        double expected = 0;
        foreach (int row in new[] { 0, 2 })
        {
            double log = Math.Log(Enumerable.Range(0, 3).Sum(j => Math.Exp(scores[row, j])));
            double nll = log - scores[row, (int)labels[row]];
            double spread = Enumerable.Range(0, 3).Average(j => log - scores[row, j]);
            expected += ((0.9 * nll) + (0.1 * spread)) / 2;
        }

        Tensor actual = cross_entropy(tensor(scores), tensor(labels), label_smoothing: 0.1);

        Assert.That(actual.item<double>(), Is.EqualTo(expected).Within(1e-12));
    }

    [Test]
    public void KlDiv_DefaultTarget_IsLogarithms()
    {
        Tensor input = tensor(new[] { 0.25, 0.75 }).log(), target = tensor(new[] { 0.5, 0.5 });
        double expected = (0.5 * Math.Log(0.5 / 0.25)) + (0.5 * Math.Log(0.5 / 0.75));

        Assert.That(kl_div(input, target.log(), reduction: nn.Reduction.Sum).item<double>(), Is.EqualTo(expected).Within(1e-12));
        Assert.That(kl_div(input, target, log_target: false, reduction: nn.Reduction.Sum).item<double>(), Is.EqualTo(expected).Within(1e-12));
    }

    [Test]
    public void BinaryCrossEntropy_PositiveWeights_FollowTheFormula()
    {
        Tensor score = tensor(new[] { 0.3, -1.2 }), target = tensor(new[] { 1.0, 0.0 });
        double expected = ((2 * Math.Log(1 + Math.Exp(-0.3))) + Math.Log(1 + Math.Exp(-1.2))) / 2;

        Tensor actual = binary_cross_entropy_with_logits(score, target, pos_weights: tensor(new[] { 2.0, 2.0 }));

        Assert.That(actual.item<double>(), Is.EqualTo(expected).Within(1e-12));
    }

    [Test]
    public void RegressionLosses_Differences_FollowTheFormulas()
    {
        Tensor a = tensor(new[] { 0.0, 3.0 }), b = tensor(new[] { 0.5, 1.0 });

        Assert.That(mse_loss(a, b).item<double>(), Is.EqualTo((0.25 + 4) / 2).Within(1e-12));
        Assert.That(l1_loss(a, b, nn.Reduction.Sum).item<double>(), Is.EqualTo(2.5).Within(1e-12));
        Assert.That(smooth_l1_loss(a, b).item<double>(), Is.EqualTo((0.125 + 1.5) / 2).Within(1e-12));
        Assert.That(huber_loss(a, b, 0.25).item<double>(), Is.EqualTo(((0.25 * (0.5 - 0.125)) + (0.25 * (2 - 0.125))) / 2).Within(1e-12));
    }

    [Test]
    public void Vectors_SmallCases_FollowTheDefinitions()
    {
        Tensor x = tensor(new[,] { { 3.0, 4.0 }, { 0.0, 2.0 } }), y = tensor(new[,] { { 4.0, 3.0 }, { 1.0, 0.0 } });

        Assert.That(normalize(x).data<double>().ToArray(), Is.EqualTo(new[] { 0.6, 0.8, 0, 1 }).Within(1e-12));
        Assert.That(cosine_similarity(x, y).data<double>().ToArray(), Is.EqualTo(new[] { 24 / 25.0, 0 }).Within(1e-12));
        Assert.That(pairwise_distance(x, y, eps: 0).data<double>().ToArray(), Is.EqualTo(new[] { Math.Sqrt(2), Math.Sqrt(5) }).Within(1e-12));
        Assert.That(one_hot(tensor(new long[] { 2, 0 })).data<long>().ToArray(), Is.EqualTo(new long[] { 0, 0, 1, 1, 0, 0 }));
        Assert.That(nn.functional.pad(x, (1, 0), value: 7).data<double>().ToArray(), Is.EqualTo(new[] { 7.0, 3, 4, 7, 0, 2 }));
    }

    [Test]
    public void Softmax_OtherType_IsComputedThere()
    {
        Tensor weights = nn.functional.softmax(tensor(new[] { 0f, (float)Math.Log(3) }), 0, ScalarType.Float64);

        Assert.That(weights.data<double>().ToArray(), Is.EqualTo(new[] { 0.25, 0.75 }).Within(1e-6)); // the logarithm is float32
    }

    [Test]
    public void Functions_Calls_LeaveOnlyTheirResults()
    {
        Tensor x = randn([2, 2, 4, 8]), see = ones([4, 4], ScalarType.Bool);
        long before = DisposeScopeManager.Statistics.ThreadTotalLiveCount;

        Tensor[] results = [scaled_dot_product_attention(x, x, x, see), normalize(x), softmin(x, -1), softsign(x), tanhshrink(x), gelu(x)];

        Assert.That(DisposeScopeManager.Statistics.ThreadTotalLiveCount - before, Is.EqualTo(results.Length));
    }
}
