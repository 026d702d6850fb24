using System.Reflection;
using TorchSharp;
using TorchSharp.Interop;
using static TorchSharp.torch;

namespace DeltaTune.Torch.Tests;

public sealed class OperatorTests
{
    [Test]
    public void Ops_LookedUpInThisLibtorch_AllExist()
    {
        string[] missing = [.. typeof(Ops).GetFields(BindingFlags.Static | BindingFlags.NonPublic)
            .Where(field => !((Operator)field.GetValue(null)!).Exists).Select(field => field.Name)];

        Assert.That(missing, Is.Empty);
    }

    [Test]
    public void Call_TooManyArguments_SaysHowManyThereMayBe()
    {
        using Tensor one = ones(1);

        var error = Assert.Throws<System.Runtime.InteropServices.ExternalException>(() => Ops.neg.Call(one, 1L));

        Assert.That(error!.Message, Is.EqualTo("aten::neg takes at most 1 arguments, but 2 were given"));
    }

    [Test]
    public void Call_UnknownOperator_SaysWhich()
    {
        using Tensor one = ones(1);

        Assert.That(() => new Operator("no_such_operator", "out").Call(one), Throws.TypeOf<NotSupportedException>().With.Message.EqualTo("This libtorch has no operator 'aten::no_such_operator.out'."));
    }

    [Test]
    public void Call_LongLists_GoThroughTheHeapUnharmed()
    {
        using var scope = NewDisposeScope();
        Tensor[] parts = [.. Enumerable.Range(0, 500).Select(n => tensor(new[] { (float)n }))];

        float[] joined = cat(parts).data<float>().ToArray();

        Assert.That(joined, Is.EqualTo(Enumerable.Range(0, 500).Select(n => (float)n)));
    }

    // Numbers by hand: x = [[1, 2], [3, 4]].
    [Test]
    public void Products_OfASmallMatrix_AgreeWithTheAlgebra()
    {
        using var scope = NewDisposeScope();
        Tensor x = tensor(new double[,] { { 1, 2 }, { 3, 4 } });
        Tensor v = tensor(new double[] { 1, -1 });

        Assert.That(Numbers(x.mm(x)), Is.EqualTo(new double[] { 7, 10, 15, 22 }));
        Assert.That(Numbers(x.mv(v)), Is.EqualTo(new double[] { -1, -1 }));
        Assert.That(Numbers(x.addmm(x, x, beta: 2, alpha: 3)), Is.EqualTo(new double[] { 23, 34, 51, 74 }));
        Assert.That(Numbers(einsum("ij,ij->i", x, x)), Is.EqualTo(new double[] { 5, 25 }));
        Assert.That(Numbers(v.outer(v)), Is.EqualTo(new double[] { 1, -1, -1, 1 }));
        Assert.That(Numbers(x.kron(v.unsqueeze(0))), Is.EqualTo(new double[] { 1, -1, 2, -2, 3, -3, 4, -4 }));
        Assert.That(linalg.det(x).item<double>(), Is.EqualTo(-2).Within(1e-12)); // float64 LU of a 2x2
        Assert.That(Numbers(linalg.solve(x, v)), Is.EqualTo(new double[] { -3, 2 }).Within(1e-12));
    }

    [Test]
    public void Reductions_OfASmallMatrix_AgreeWithTheAlgebra()
    {
        using var scope = NewDisposeScope();
        Tensor x = tensor(new double[,] { { 1, 2, 6 }, { 3, 4, 5 } });

        Assert.That(x.sum().item<double>(), Is.EqualTo(21));
        Assert.That(Numbers(x.sum(1)), Is.EqualTo(new double[] { 9, 12 }));
        Assert.That(Numbers(x.mean([0], keepdim: true)), Is.EqualTo(new double[] { 2, 3, 5.5 }));
        Assert.That(Numbers(x.var(1)), Is.EqualTo(new double[] { 7, 1 }));
        Assert.That(Numbers(x.var(1, unbiased: false)), Is.EqualTo(new[] { 14.0 / 3, 2.0 / 3 }).Within(1e-12));
        Assert.That(x.max(1).indexes.data<long>().ToArray(), Is.EqualTo(new long[] { 2, 2 }));
        Assert.That(x.argmin(0).data<long>().ToArray(), Is.EqualTo(new long[] { 0, 0, 1 }));
        Assert.That(Numbers(x.amax([0])), Is.EqualTo(new double[] { 3, 4, 6 }));
        Assert.That(Numbers(x.topk(2).values), Is.EqualTo(new double[] { 6, 2, 5, 4 }));
        Assert.That(Numbers(x.cumsum(1)), Is.EqualTo(new double[] { 1, 3, 9, 3, 7, 12 }));
        Assert.That(x.norm().item<double>(), Is.EqualTo(Math.Sqrt(91)).Within(1e-12));
        Assert.That(Numbers(x.softmax(1).sum(1)), Is.EqualTo(new double[] { 1, 1 }).Within(1e-12));
        Assert.That(x.logsumexp(0)[0].item<double>(), Is.EqualTo(Math.Log(Math.Exp(1) + Math.Exp(3))).Within(1e-12));
        Assert.That(x.count_nonzero().item<long>(), Is.EqualTo(6));
        Assert.That((x > 2).any().item<bool>(), Is.True);
    }

    [Test]
    public void Scattering_OntoRows_AddsAndFills()
    {
        using var scope = NewDisposeScope();
        Tensor to = zeros(3, 2);
        Tensor rows = tensor(new long[] { 2, 0, 2 });
        Tensor from = tensor(new float[,] { { 1, 2 }, { 3, 4 }, { 5, 6 } });

        Assert.That(to.index_add(0, rows, from, 1).data<float>().ToArray(), Is.EqualTo(new float[] { 3, 4, 0, 0, 6, 8 }));
        Assert.That(to.scatter_add(0, rows.unsqueeze(1).expand(3, 2), from).data<float>().ToArray(), Is.EqualTo(new float[] { 3, 4, 0, 0, 6, 8 }));
        Assert.That(from.index_select(0, rows).data<float>().ToArray(), Is.EqualTo(new float[] { 5, 6, 1, 2, 5, 6 }));
        Assert.That(from.masked_fill(from > 3, -1).data<float>().ToArray(), Is.EqualTo(new float[] { 1, 2, 3, -1, -1, -1 }));
        Assert.That(where(from > 3, from, -from).data<float>().ToArray(), Is.EqualTo(new float[] { -1, -2, -3, 4, 5, 6 }));
        Assert.That(rows.bincount(null).data<long>().ToArray(), Is.EqualTo(new long[] { 1, 0, 2 }));
        (Tensor values, Tensor? inverse, Tensor? counts) = rows.unique(return_inverse: true, return_counts: true);
        Assert.That(values.data<long>().ToArray(), Is.EqualTo(new long[] { 0, 2 }));
        Assert.That(inverse!.data<long>().ToArray(), Is.EqualTo(new long[] { 1, 0, 1 }));
        Assert.That(counts!.data<long>().ToArray(), Is.EqualTo(new long[] { 1, 2 }));
    }

    [Test]
    public void Fft_OfAnImpulse_IsFlatAndComesBack()
    {
        using var scope = NewDisposeScope();
        Tensor impulse = tensor(new double[] { 1, 0, 0, 0 });

        Tensor spectrum = fft.rfft(impulse);

        Assert.That(Numbers(spectrum.real), Is.EqualTo(new double[] { 1, 1, 1 }));
        Assert.That(Numbers(fft.irfft(spectrum, 4)), Is.EqualTo(new double[] { 1, 0, 0, 0 }));
    }

    private static double[] Numbers(Tensor tensor) => tensor.data<double>().ToArray();
}
