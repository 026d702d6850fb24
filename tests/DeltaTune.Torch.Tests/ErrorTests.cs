using System.Runtime.InteropServices;
using TorchSharp;
using static TorchSharp.torch;

namespace DeltaTune.Torch.Tests;

public sealed class ErrorTests
{
    [Test]
    public void Matmul_ShapesThatDoNotFit_ThrowsWithLibtorchsMessage()
    {
        using var scope = NewDisposeScope();
        Tensor left = zeros(3, 4);
        Tensor right = zeros(5, 2);

        var error = Assert.Throws<ExternalException>(() => left.matmul(right));

        Assert.That(error!.Message, Is.EqualTo("mat1 and mat2 shapes cannot be multiplied (3x4 and 5x2)"));
    }

    [Test]
    public void Cummax_DimensionOutOfRange_Throws()
    {
        using var scope = NewDisposeScope();
        Tensor tensor = zeros(3, 4);

        Assert.Throws<ExternalException>(() => tensor.cummax(7));
    }

    [Test]
    public void SetRngState_WrongTensor_Throws()
    {
        using var scope = NewDisposeScope();

        Assert.Throws<ExternalException>(() => set_rng_state(zeros(3)));
    }

    [Test]
    public void Empty_MoreMemoryThanThereIs_ThrowsAndTheNextCallWorks()
    {
        using var scope = NewDisposeScope();

        Assert.Throws<ExternalException>(() => empty(1L << 55));

        Assert.That(ones(2).sum().item<float>(), Is.EqualTo(2));
    }

    [Test]
    public void Handle_AfterDispose_Throws()
    {
        Tensor tensor = zeros(2);
        tensor.Dispose();

        Assert.That(() => tensor.add(1), Throws.InvalidOperationException);
        Assert.That(tensor.IsInvalid, Is.True);
    }

    [Test]
    public void Size_DimensionOutOfRange_NamesTheRange()
    {
        using Tensor tensor = zeros(2, 3);

        var error = Assert.Throws<ArgumentOutOfRangeException>(() => tensor.size(2));

        Assert.That(error!.Message, Does.StartWith("A tensor with 2 dimensions has none numbered 2; from -2 to 1 would be right."));
    }

    [Test]
    public void Device_UnknownName_SaysHowDevicesAreWritten()
    {
        var error = Assert.Throws<ArgumentException>(() => device("gpu:0"));

        Assert.That(error!.Message, Does.StartWith("'gpu:0' is not a device; a device is written as 'cpu', 'cuda' or 'cuda:0'."));
    }

    [Test]
    public void Message_OnAnotherThread_IsThatThreadsOwn()
    {
        using Tensor left = zeros(3, 4);
        using Tensor right = zeros(5, 2);
        string[] messages = new string[64];

        Parallel.For(0, messages.Length, k =>
        {
            using Tensor other = zeros(k + 6, 2);
            try
            {
                left.mm(k % 2 == 0 ? right : other).Dispose();
            }
            catch (ExternalException error)
            {
                messages[k] = error.Message;
            }
        });

        Assert.That(messages, Is.EqualTo(Enumerable.Range(0, 64).Select(k => $"mat1 and mat2 shapes cannot be multiplied (3x4 and {(k % 2 == 0 ? 5 : k + 6)}x2)")));
    }
}
