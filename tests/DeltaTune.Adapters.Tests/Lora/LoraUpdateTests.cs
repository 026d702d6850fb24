using DeltaTune.Adapters.Lora;
using DeltaTune.Conformance;
using DeltaTune.Sites;
using TorchSharp;
using static TorchSharp.torch;

namespace DeltaTune.Adapters.Tests.Lora;

[TestFixture]
public sealed class LoraUpdateTests
{
    private const int In = 16, Out = 32, Rank = 4;
    private DisposeScope _scope = null!;
    private Tensor _weight = null!; // [out, in]
    private Tensor _bias = null!;   // [out]
    private LinearSite _site = null!;

    [SetUp]
    public void Make()
    {
        random.manual_seed(3);
        _scope = NewDisposeScope();
        (_weight, _bias) = (randn(Out, In), randn(Out));
        _site = new LinearSite("layers.0.attn.q", "net.0.q", 0, In, Out, () => _weight, () => _bias);
    }

    [TearDown]
    public void Free() => _scope.Dispose();

    [TestCase(2, 3)]
    [TestCase(6, 0, Description = "a matrix")]
    public void Apply_BeforeTraining_IsTheSiteBitForBit(int rows, int columns)
    {
        using LoraUpdate update = Update(trained: false);
        Tensor input = columns == 0 ? randn(rows, In) : randn(rows, columns, In);
        Tensor bare = _site.Call(input);

        _site.Attach(update);
        Tensor actual = _site.Call(input);

        Assert.That(actual.shape, Is.EqualTo(bare.shape));
        Assert.That(Same.Values(actual, bare), Is.True);
    }

    [TestCase(false, 1.0)]
    [TestCase(true, 1.0, Description = "a view whose rows are not next to one another")]
    [TestCase(false, 0.5, Description = "half strength")]
    public void Apply_Trained_IsTheEquation(bool strided, double strength)
    {
        using LoraUpdate update = Update(trained: true);
        update.Strength = strength;
        _site.Attach(update);
        Tensor input = strided ? randn(3, 2, In).transpose(0, 1) : randn(2, 3, In);

        double[,] actual = Matrix(_site.Call(input).reshape(6, Out));

        Assert.That(actual, Is.EqualTo(Expected(update, input.reshape(6, In), strength)).Within(2e-5)); // float32, 16 + 4 products
    }

    [Test]
    public void Apply_AroundAnother_AddsBoth()
    {
        using LoraUpdate first = Update(trained: true), second = Update(trained: true);
        _site.Attach(first);
        _site.Attach(second);
        Tensor input = randn(2, 3, In);
        Tensor flat = input.reshape(6, In);

        double[,] actual = Matrix(_site.Call(input).reshape(6, Out));

        double[,] one = Expected(first, flat, 1), two = Expected(second, flat, 1), bare = Matrix(nn.functional.linear(flat, _weight, _bias));
        Assert.That(actual, Is.EqualTo(Zip(one, two, bare, (a, b, c) => a + b - c)).Within(4e-5));
    }

    [TestCase(true)]
    [TestCase(false)]
    public void Backward_EveryGradient_IsThatOfThePlainEquation(bool inputTrains)
    {
        using LoraUpdate update = Update(trained: true);
        _site.Attach(update);
        Tensor input = randn(2, 3, In).requires_grad_(inputTrains);
        Tensor head = randn(2, 3, Out);
        Tensor[] leaves = [.. update.parameters(), .. inputTrains ? new[] { input } : []];

        (_site.Call(input) * head).tanh().sum().backward();
        Tensor[] actual = [.. leaves.Select(l => l.grad!.clone())];
        foreach (Tensor leaf in leaves)
        {
            leaf.grad!.zero_();
        }

        Tensor a = update.get_parameter("lora_A.weight")!, b = update.get_parameter("lora_B.weight")!;
        Tensor plain = input.matmul(_weight.t()) + _bias + (input.matmul(a.t()).matmul(b.t()) * update.Scaling);
        (plain * head).tanh().sum().backward();

        foreach ((Tensor gradient, Tensor leaf) in actual.Zip(leaves))
        {
            Assert.That((gradient - leaf.grad!).abs().max().item<float>(), Is.LessThan(2e-4));
        }

        Assert.That(input.grad is null, Is.EqualTo(!inputTrains));
    }

    [Test]
    public void Apply_Dropout_ActsInTrainingOnly()
    {
        using var update = new LoraUpdate(_site, Rank, 2, 0.5, LoraInit.Gaussian, CPU);
        Train(update);
        _site.Attach(update);
        Tensor input = randn(2, 3, In);

        update.eval();
        Assert.That(Same.Values(_site.Call(input), _site.Call(input)), Is.True);
        update.train();
        Assert.That(Same.Values(_site.Call(input), _site.Call(input)), Is.False);
    }

    [Test]
    public void Merge_Weight_IsTheSum()
    {
        using LoraUpdate update = Update(trained: true);

        (Tensor merged, Tensor? bias) = update.Merge(_weight, _bias);

        Tensor expected = _weight.to(ScalarType.Float64)
            + (update.get_parameter("lora_B.weight")!.to(ScalarType.Float64).matmul(update.get_parameter("lora_A.weight")!.to(ScalarType.Float64)) * 2);
        Assert.That((merged.to(ScalarType.Float64) - expected).abs().max().item<double>(), Is.LessThan(1e-5));
        Assert.That(bias, Is.Null);
    }

    [Test]
    public void Apply_HalfPrecisionSite_AddsInTheSitesType()
    {
        using LoraUpdate update = Update(trained: true);
        (_weight, _bias) = (_weight.to(ScalarType.BFloat16), _bias.to(ScalarType.BFloat16));
        _site.Attach(update);

        Tensor output = _site.Call(randn(2, 3, In).to(ScalarType.BFloat16));

        Assert.That(output.dtype, Is.EqualTo(ScalarType.BFloat16));
    }

    [Test]
    public void Parameters_Names_AreThoseThatPeftSaves()
    {
        using LoraUpdate update = Update(trained: false);

        Assert.That(update.named_parameters().Select(p => (p.name, string.Join(",", p.parameter.shape))),
            Is.EqualTo(new[] { ("lora_A.weight", "4,16"), ("lora_B.weight", "32,4") }));
    }

    [Test]
    public void New_Kaiming_StaysWithinOneOverRootIn()
    {
        using LoraUpdate update = Update(trained: false);

        Tensor a = update.get_parameter("lora_A.weight")!;
        Assert.That(a.abs().max().item<float>(), Is.LessThanOrEqualTo(0.25f).And.GreaterThan(0.15f)); // 1/√16, of 64 draws
    }

    private static void Train(LoraUpdate update)
    {
        using IDisposable off = no_grad();
        update.get_parameter("lora_B.weight")!.normal_();
    }

    private LoraUpdate Update(bool trained)
    {
        var update = new LoraUpdate(_site, Rank, scaling: 2, dropout: 0, LoraInit.Kaiming, CPU);
        update.eval();
        if (trained)
        {
            Train(update);
        }

        return update;
    }

    /// <summary>W₀x + b + s·B·A·x in double precision, element by element.</summary>
    private double[,] Expected(LoraUpdate update, Tensor input, double strength)
    {
        double[,] x = Matrix(input), w = Matrix(_weight), a = Matrix(update.get_parameter("lora_A.weight")!), b = Matrix(update.get_parameter("lora_B.weight")!);
        float[] bias = [.. _bias.data<float>()];
        var expected = new double[x.GetLength(0), Out];
        for (int row = 0; row < x.GetLength(0); row++)
        {
            for (int o = 0; o < Out; o++)
            {
                double sum = bias[o];
                for (int i = 0; i < In; i++)
                {
                    double change = 0;
                    for (int r = 0; r < Rank; r++)
                    {
                        change += b[o, r] * a[r, i];
                    }

                    sum += (w[o, i] + (update.Scaling * strength * change)) * x[row, i];
                }

                expected[row, o] = sum;
            }
        }

        return expected;
    }

    private static double[,] Matrix(Tensor tensor)
    {
        float[] values = [.. tensor.detach().contiguous().data<float>()];
        int columns = (int)tensor.size(1);
        var matrix = new double[tensor.size(0), columns];
        for (int i = 0; i < values.Length; i++)
        {
            matrix[i / columns, i % columns] = values[i];
        }

        return matrix;
    }

    private static double[,] Zip(double[,] a, double[,] b, double[,] c, Func<double, double, double, double> f)
    {
        var result = new double[a.GetLength(0), a.GetLength(1)];
        for (int i = 0; i < a.Length; i++)
        {
            (int row, int column) = (i / a.GetLength(1), i % a.GetLength(1));
            result[row, column] = f(a[row, column], b[row, column], c[row, column]);
        }

        return result;
    }
}
