using System.Runtime.InteropServices;
using TorchSharp;
using static TorchSharp.torch;

namespace DeltaTune.Torch.Tests;

public sealed class DataTests
{
    [Test]
    public void Tensor_FromArraysOfEveryRank_KeepsOrderAndType()
    {
        using var scope = NewDisposeScope();

        Tensor matrix = tensor(new[,] { { 1.5f, 2.5f, 3.5f }, { 4.5f, 5.5f, 6.5f } });

        Assert.That(matrix.shape, Is.EqualTo(new long[] { 2, 3 }));
        Assert.That(matrix.t().data<float>().ToArray(), Is.EqualTo(new[] { 1.5f, 4.5f, 2.5f, 5.5f, 3.5f, 6.5f }));
        Assert.That(matrix.data<float>()[1, 2], Is.EqualTo(6.5f));
        Assert.That(tensor(new[] { true, false }).dtype, Is.EqualTo(ScalarType.Bool));
        Assert.That(tensor(5L).item<long>(), Is.EqualTo(5));
        Assert.That(tensor(new long[] { 1, 2 }, dtype: float32).dtype, Is.EqualTo(ScalarType.Float32));
    }

    [Test]
    public void Bytes_OfBFloat16_AreTheUpperHalfOfAFloat()
    {
        using var scope = NewDisposeScope();
        float[] values = [1f, -2.5f, 3.140625f, 1.00390625f]; // the last one lies halfway: to even, that is to 1

        Tensor half = tensor(values).bfloat16();

        Assert.That(MemoryMarshal.Cast<byte, ushort>(half.bytes).ToArray(), Is.EqualTo(new ushort[] { 0x3F80, 0xC020, 0x4049, 0x3F80 }));
        Assert.That(half.data<BFloat16>().ToArray(), Is.EqualTo(values.Select(value => new BFloat16(value))));
    }

    [Test]
    public void Bytes_Written_ChangeTheTensor()
    {
        using Tensor target = zeros(2, dtype: int32);

        MemoryMarshal.Cast<byte, int>(target.bytes)[1] = 42;

        Assert.That(target.data<int>().ToArray(), Is.EqualTo(new[] { 0, 42 }));
    }

    [Test]
    public void Item_AskedInAnotherType_Throws()
    {
        using Tensor one = ones(1);

        Assert.That(() => one.item<long>(), Throws.ArgumentException);
        Assert.That(one.ToInt64(), Is.EqualTo(1));
    }

    [Test]
    public void FromBuffer_Written_IsTheArraysOwnMemory()
    {
        float[] memory = [1, 2, 3, 4];
        using Tensor shared = frombuffer(memory, float32, count: 2, offset: 4);

        shared.mul_(10);

        Assert.That(memory, Is.EqualTo(new float[] { 1, 20, 30, 4 }));
    }

    [Test]
    public void Scalars_OfMixedKinds_ComputeAsTorchPromotes()
    {
        using var scope = NewDisposeScope();
        Tensor ints = tensor(new long[] { 1, 2 });

        Assert.That((ints * 2).dtype, Is.EqualTo(ScalarType.Int64));
        Assert.That((ints * 0.5).dtype, Is.EqualTo(ScalarType.Float32));
        Assert.That((6 / ints).data<float>().ToArray(), Is.EqualTo(new float[] { 6, 3 }));
        Assert.That((1 - ints).data<long>().ToArray(), Is.EqualTo(new long[] { 0, -1 }));
    }

    [Test]
    public void Generator_SameSeed_SameNumbers()
    {
        using var scope = NewDisposeScope();

        Tensor first = rand(5, generator: new Generator(7));
        Tensor second = rand(5, generator: new Generator(7));
        manual_seed(7);
        Tensor third = rand(5);

        Assert.That(second.data<float>().ToArray(), Is.EqualTo(first.data<float>().ToArray()));
        Assert.That(third.data<float>().ToArray(), Is.EqualTo(first.data<float>().ToArray()));
    }

    [Test]
    public void RngState_SetBack_RepeatsTheNumbers()
    {
        using var scope = NewDisposeScope();
        Tensor state = get_rng_state();
        float[] first = randn(4).data<float>().ToArray();

        set_rng_state(state);

        Assert.That(randn(4).data<float>().ToArray(), Is.EqualTo(first));
    }

    [Test]
    public void Description_OnceLoaded_NamesProviderAndLibtorch()
    {
        using Tensor any = ones(1);

        Assert.That(AppContext.GetData("DeltaTune.TorchProvider"), Does.StartWith($"system, libtorch {__version__}"));
    }

    [Test]
    public void To_SameTypeAndDevice_IsAnotherOwnerOfTheSameTensor()
    {
        Tensor first = ones(2);

        Tensor second = first.to(float32).cpu();
        first.Dispose();
        second.add_(1);

        Assert.That(second.data<float>().ToArray(), Is.EqualTo(new float[] { 2, 2 }));
        second.Dispose();
    }

    [Test]
    public void To_AnotherType_ConvertsAndKeepsTheDevice()
    {
        using var scope = NewDisposeScope();

        Tensor truncated = tensor(new[] { 1.7f, -1.7f }).to(int64);

        Assert.That(truncated.data<long>().ToArray(), Is.EqualTo(new long[] { 1, -1 }));
        Assert.That(truncated.device.type, Is.EqualTo(DeviceType.CPU));
    }
}
