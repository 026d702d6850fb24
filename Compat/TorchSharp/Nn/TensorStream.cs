using static TorchSharp.torch;

namespace TorchSharp;

/// <summary>Writes and reads one tensor: element type, number of dimensions, sizes, bytes in row-major order.</summary>
internal static class TensorStream
{
    internal static void Write(BinaryWriter writer, Tensor tensor)
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor flat = tensor.detach().cpu().contiguous();
        long[] shape = tensor.shape;
        writer.Write((int)tensor.dtype);
        writer.Write(shape.Length);
        foreach (long size in shape)
        {
            writer.Write(size);
        }
        writer.Write(flat.bytes);
    }

    internal static Tensor Read(BinaryReader reader, Device device)
    {
        using DisposeScope scope = NewDisposeScope();
        var dtype = (ScalarType)reader.ReadInt32();
        long[] shape = new long[reader.ReadInt32()];
        for (int dim = 0; dim < shape.Length; dim++)
        {
            shape[dim] = reader.ReadInt64();
        }
        Tensor read = empty(shape, dtype);
        reader.BaseStream.ReadExactly(read.bytes);
        return read.to(device).DetachFromDisposeScope();
    }
}
