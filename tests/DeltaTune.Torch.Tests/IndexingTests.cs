using TorchSharp;
using static TorchSharp.torch;

namespace DeltaTune.Torch.Tests;

public sealed class IndexingTests
{
    // Element [i, j, k] of a [2, 3, 4] tensor is 100 i + 10 j + k.
    private static Tensor Numbered() =>
        tensor(Enumerable.Range(0, 24).Select(n => (long)((n / 12 * 100) + (n / 4 % 3 * 10) + (n % 4))).ToArray(), [2, 3, 4]);

    [Test]
    public void Indexer_NumbersAndSlices_PicksThem()
    {
        using var scope = NewDisposeScope();
        Tensor t = Numbered();

        Assert.That(t[1, 2, 3].item<long>(), Is.EqualTo(123));
        Assert.That(t[-1, -1, -1].item<long>(), Is.EqualTo(123));
        Assert.That(t[1].shape, Is.EqualTo(new long[] { 3, 4 }));
        Assert.That(t[TensorIndex.Colon, 1, TensorIndex.Slice(1, 3)].data<long>().ToArray(), Is.EqualTo(new long[] { 11, 12, 111, 112 }));
        Assert.That(t[.., 1, 1..3].data<long>().ToArray(), Is.EqualTo(new long[] { 11, 12, 111, 112 }));
        Assert.That(t[TensorIndex.Ellipsis, TensorIndex.Slice(step: 2)].shape, Is.EqualTo(new long[] { 2, 3, 2 }));
        Assert.That(t[TensorIndex.Ellipsis, ^1].data<long>().ToArray(), Is.EqualTo(new long[] { 3, 13, 23, 103, 113, 123 }));
        Assert.That(t[0, TensorIndex.None, 1..].shape, Is.EqualTo(new long[] { 1, 2, 4 }));
    }

    [Test]
    public void Indexer_Tensors_Gathers()
    {
        using var scope = NewDisposeScope();
        Tensor t = Numbered();
        Tensor rows = tensor(new long[] { 2, 0 });
        Tensor columns = tensor(new long[] { 3, 1 });

        Assert.That(t[TensorIndex.Colon, TensorIndex.Tensor(rows), TensorIndex.Tensor(columns)].data<long>().ToArray(), Is.EqualTo(new long[] { 23, 1, 123, 101 }));
        Assert.That(t[t > 110].data<long>().ToArray(), Is.EqualTo(new long[] { 111, 112, 113, 120, 121, 122, 123 }));
        Assert.That(t[TensorIndex.Tensor(tensor(new[] { false, true })), 1].data<long>().ToArray(), Is.EqualTo(new long[] { 110, 111, 112, 113 }));
    }

    [Test]
    public void IndexerSet_SliceMaskAndTensor_WritesThere()
    {
        using var scope = NewDisposeScope();
        Tensor t = zeros(2, 3, dtype: int64);

        t[0] = tensor(new long[] { 1, 2, 3 });
        t[1, 1..] = tensor(7L);
        t[t == 2] = tensor(9L);

        Assert.That(t.data<long>().ToArray(), Is.EqualTo(new long[] { 1, 9, 3, 0, 7, 7 }));
    }

    [Test]
    public void IndexPut_Accumulating_AddsTwiceWhereNamedTwice()
    {
        using var scope = NewDisposeScope();
        Tensor t = zeros(3);

        t.index_put_(ones(3), [tensor(new long[] { 0, 2, 2 })], accumulate: true);

        Assert.That(t.data<float>().ToArray(), Is.EqualTo(new float[] { 1, 0, 2 }));
    }

    [Test]
    public void Indexer_NumberOutOfRange_Throws()
    {
        using var scope = NewDisposeScope();
        Tensor t = Numbered();

        Assert.That(() => t[2], Throws.InstanceOf<System.Runtime.InteropServices.ExternalException>());
        Assert.That(() => t[0, 0, 0, 0], Throws.InstanceOf<ArgumentOutOfRangeException>());
    }
}
