using DeltaTune.Backbones.Checkpoints;
using static TorchSharp.torch;

namespace DeltaTune.Backbones.Tests.Checkpoints;

public sealed class CheckpointTensorTests
{
    [TestCase("golden/bert-seqcls/model.fp16.safetensors", 1e-3)] // 11 bits
    [TestCase("golden/bert-seqcls/model.bf16.safetensors", 8e-3)] // 8 bits
    public void Read_HalfPrecisionAsFloat32_IsCloseToTheOriginal(string path, double relative)
    {
        using var scope = NewDisposeScope();
        using Checkpoint half = Checkpoint.Open(SharedFiles.Find(path));
        using Checkpoint full = Checkpoint.Open(SharedFiles.Find("golden/bert-seqcls/pytorch_model.bin"));
        string name = full.Names[0];

        Tensor actual = half.Read(name, ScalarType.Float32);
        Tensor expected = full.Read(name);

        Assert.That(half.DType(name), Is.Not.EqualTo(ScalarType.Float32));
        Assert.That(actual.dtype, Is.EqualTo(ScalarType.Float32));
        Assert.That(actual.shape, Is.EqualTo(expected.shape));
        Assert.That((actual - expected).abs().max().item<float>(), Is.LessThan(relative * expected.abs().max().item<float>()));
    }

    [Test]
    public void Read_Scalar_HasNoDimensions()
    {
        using Checkpoint checkpoint = Checkpoint.Open(SharedFiles.Find("golden/pretrain-gnn-gin/gnn.pth"));

        using Tensor steps = checkpoint.Read(checkpoint.Names.First(name => name.EndsWith("num_batches_tracked", StringComparison.Ordinal)));

        Assert.That(steps.shape, Is.Empty);
        Assert.That(steps.dtype, Is.EqualTo(ScalarType.Int64));
    }
}
