using DeltaTune.Host.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace DeltaTune.Host.Tests.Training;

internal sealed class FlatParametersTests
{
    [Test]
    public void Create_FromTwoTensors_KeepsTheirValuesAndGathersTheirGradients()
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor a = new TorchSharp.Modules.Parameter(tensor([1f, 2f, 3f, 4f, 5f, 6f]).reshape(2, 3));
        Tensor b = new TorchSharp.Modules.Parameter(tensor([7f, 8f, 9f, 10f]).reshape(4, 1));
        using var flat = new FlatParameters([new TrainedTensor("the test", "a", a), new TrainedTensor("the test", "b", b)]);

        ((a * 2).sum() + (b * b).sum()).backward();
        ((a * 2).sum() + (b * b).sum()).backward();

        Assert.That(flat.Count, Is.EqualTo(10));
        Assert.That(flat.Values.data<float>().ToArray(), Is.EqualTo(new[] { 1f, 2, 3, 4, 5, 6, 7, 8, 9, 10 }));
        Assert.That(flat.Gradients.data<float>().ToArray(), Is.EqualTo(new[] { 4f, 4, 4, 4, 4, 4, 28, 32, 36, 40 })); // twice 2, and twice 2b
    }

    [Test]
    public void Restore_OfACopy_BringsTheParametersBack()
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor a = new TorchSharp.Modules.Parameter(ones(2, 3));
        using var flat = new FlatParameters([new TrainedTensor("the test", "a", a)]);
        using Tensor copy = flat.CopyValues();
        using (no_grad())
        {
            flat.Values.fill_(5);
        }

        float changed = a.sum().item<float>();
        flat.Restore(copy);

        Assert.That(changed, Is.EqualTo(30f));
        Assert.That(a.sum().item<float>(), Is.EqualTo(6f));
    }

    [Test]
    public void FindNonFinite_WithANaN_NamesItsTensor()
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor a = new TorchSharp.Modules.Parameter(ones(2, 3));
        Tensor b = new TorchSharp.Modules.Parameter(ones(4, 2));
        using var flat = new FlatParameters([new TrainedTensor("delta 'default'", "a", a), new TrainedTensor("delta 'default'", "b", b)]);
        Assert.That(flat.FindNonFinite(gradients: false), Is.Null);
        using (no_grad())
        {
            b.fill_(float.NaN);
        }

        Assert.That(flat.FindNonFinite(gradients: false)?.ToString(), Is.EqualTo("'b' of delta 'default'"));
    }
}
