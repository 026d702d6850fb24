using DeltaTune.Backbones.Graphs;
using TorchSharp;
using static TorchSharp.torch;

namespace DeltaTune.Backbones.Tests.Graphs;

[TestFixture]
public sealed class SegmentsTests
{
    [Test]
    public void Max_OneHubAmongManyOwners_IsEachOwnersLargestAndItsGradient([Values] bool ascending)
    {
        using DisposeScope scope = NewDisposeScope();
        const int count = 50, hub = 7;
        long[] owners = [.. Enumerable.Range(0, 100).Select(i => i < 90 ? hub : (long)(i % 20))];
        owners = ascending ? [.. owners.Order()] : owners;
        Tensor rows = arange(200, ScalarType.Float32).mul(37).remainder(201).view(100, 2).requires_grad_(true);

        Tensor largest = new Segments(tensor(owners), count, ascending).Max(rows);
        largest.sum().backward();

        for (int owner = 0; owner < count; owner++)
        {
            long[] own = [.. Enumerable.Range(0, 100).Where(i => owners[i] == owner).Select(i => (long)i)];
            Tensor expected = own.Length == 0 ? zeros(2) : rows.detach().index_select(0, tensor(own)).amax([0]);
            Assert.That(largest[owner].detach().equal(expected).all().item<bool>(), Is.True, $"owner {owner}");
        }

        Assert.That(rows.grad!.sum().item<float>(), Is.EqualTo(2f * owners.Distinct().Count())); // one row for each owner and feature: no two are equal
    }

    [Test]
    public void Sum_OwnersInAnyOrder_IsEachOwnersRowsAndTheirGradient([Values(ScalarType.Float32, ScalarType.Float64, ScalarType.BFloat16)] ScalarType type, [Values(1, 2)] int heads)
    {
        using DisposeScope scope = NewDisposeScope();
        long[] owners = [4, 0, 4, 2, 0, 4, 2];
        Tensor rows = arange(7 * heads * 3, ScalarType.Float32).to(type).view(7, heads, 3).requires_grad_(true); // whole numbers, exact in every type
        Tensor scale = arange(5, ScalarType.Float32).to(type).view(5, 1, 1);

        Tensor sums = new Segments(tensor(owners), 5).Sum(rows);
        (sums * scale).sum().backward();

        for (int owner = 0; owner < 5; owner++)
        {
            long[] own = [.. Enumerable.Range(0, 7).Where(i => owners[i] == owner).Select(i => (long)i)];
            Tensor expected = own.Length == 0 ? zeros([heads, 3], type) : rows.detach().index_select(0, tensor(own)).sum(dim: 0);
            Assert.That(sums[owner].detach().equal(expected).all().item<bool>(), Is.True, $"owner {owner}");
        }

        for (int row = 0; row < 7; row++)
        {
            Assert.That(rows.grad![row].eq(owners[row]).all().item<bool>(), Is.True, $"row {row}");
        }
    }

    [Test]
    public void Copy_SomeRowsTwiceAndSomeNever_IsThoseRowsAndTheSumOfTheirGradients([Values(ScalarType.Float32, ScalarType.Float64, ScalarType.BFloat16)] ScalarType type)
    {
        using DisposeScope scope = NewDisposeScope();
        long[] which = [3, 1, 3, 0];
        Tensor values = arange(8, ScalarType.Float32).to(type).view(4, 2).requires_grad_(true);
        Tensor scale = tensor((float[])[1, 2, 4, 8]).to(type).unsqueeze(1);

        Tensor copies = Segments.Copy(values, tensor(which));
        (copies * scale).sum().backward();

        Assert.That(Numbers(copies.detach()), Is.EqualTo((float[])[6, 7, 2, 3, 6, 7, 0, 1]));
        Assert.That(Numbers(values.grad!), Is.EqualTo((float[])[8, 8, 2, 2, 0, 0, 5, 5]));
    }

    [Test]
    public void Sum_NoRows_IsZero()
    {
        using DisposeScope scope = NewDisposeScope();

        Tensor sums = new Segments(zeros([0], ScalarType.Int64), 3).Sum(zeros([0, 2]));

        Assert.That(sums.shape, Is.EqualTo(new long[] { 3, 2 }));
        Assert.That(sums.count_nonzero().item<long>(), Is.Zero);
    }

    private static float[] Numbers(Tensor values)
    {
        using TorchSharp.Utils.TensorAccessor<float> all = values.to(ScalarType.Float32).data<float>();
        return all.ToArray();
    }
}
