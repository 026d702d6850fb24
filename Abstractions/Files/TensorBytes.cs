using static TorchSharp.torch;

namespace DeltaTune.Files;

/// <summary>Moves raw little-endian elements between files and tensors, in parts, since one span holds less than 2 GiB.</summary>
public static class TensorBytes
{
    private const long PartBytes = 1L << 28;

    /// <summary>Fills a part of a tensor.</summary>
    /// <param name="destination">The bytes to fill, all of them.</param>
    /// <param name="start">Where the part begins, in bytes from the tensor's start.</param>
    public delegate void Fill(Span<byte> destination, long start);

    /// <summary>Makes a tensor on the CPU from raw elements.</summary>
    /// <param name="type">The element type.</param>
    /// <param name="shape">The sizes, row-major; empty for a scalar.</param>
    /// <param name="fill">Called for one part after another until the tensor is full.</param>
    /// <returns>A new tensor without gradient, the caller's to dispose.</returns>
    public static Tensor Create(StoredType type, IReadOnlyList<long> shape, Fill fill)
    {
        ArgumentNullException.ThrowIfNull(shape);
        ArgumentNullException.ThrowIfNull(fill);
        long[] sizes = [.. shape];
        Tensor tensor = empty(sizes, dtype: ScalarTypeOf(type), device: CPU);
        try
        {
            ForParts(tensor, (part, start) => fill(part, start));
            return tensor;
        }
        catch
        {
            tensor.Dispose();
            throw;
        }
    }

    /// <summary>Writes a tensor's elements, row-major.</summary>
    /// <param name="tensor">Of any device and layout; not disposed.</param>
    /// <param name="stream">Where to.</param>
    public static void CopyTo(Tensor tensor, Stream stream)
    {
        ArgumentNullException.ThrowIfNull(stream);
        using var scope = NewDisposeScope();
        Tensor plain = tensor.detach().cpu().contiguous();
        ForParts(plain, (part, _) => stream.Write(part));
    }

    /// <summary>Gets the stored type of a tensor's elements.</summary>
    /// <param name="tensor">The tensor.</param>
    /// <param name="name">Its name, for the message.</param>
    /// <returns>The type.</returns>
    /// <exception cref="ArgumentException">Its type is complex or quantised.</exception>
    public static StoredType StoredTypeOf(Tensor tensor, string name) => tensor.dtype switch
    {
        ScalarType.Bool => StoredType.Bool,
        ScalarType.Byte => StoredType.U8,
        ScalarType.Int8 => StoredType.I8,
        ScalarType.Int16 => StoredType.I16,
        ScalarType.Int32 => StoredType.I32,
        ScalarType.Int64 => StoredType.I64,
        ScalarType.Float16 => StoredType.F16,
        ScalarType.BFloat16 => StoredType.BF16,
        ScalarType.Float32 => StoredType.F32,
        ScalarType.Float64 => StoredType.F64,
        ScalarType other => throw new ArgumentException(
            $"Tensor '{name}' has elements of type {other}, which cannot be stored; known are {string.Join(", ", StoredTypes.AllNames)}.", nameof(tensor)),
    };

    /// <summary>Gets torch's name of a stored type.</summary>
    /// <param name="type">The stored type.</param>
    /// <returns>The scalar type.</returns>
    public static ScalarType ScalarTypeOf(StoredType type) => type switch
    {
        StoredType.Bool => ScalarType.Bool,
        StoredType.U8 => ScalarType.Byte,
        StoredType.I8 => ScalarType.Int8,
        StoredType.I16 => ScalarType.Int16,
        StoredType.I32 => ScalarType.Int32,
        StoredType.I64 => ScalarType.Int64,
        StoredType.F16 => ScalarType.Float16,
        StoredType.BF16 => ScalarType.BFloat16,
        StoredType.F32 => ScalarType.Float32,
        _ => ScalarType.Float64,
    };

    // A contiguous CPU tensor's own memory, part by part.
    private static void ForParts(Tensor tensor, Fill action)
    {
        long count = tensor.numel();
        if (count == 0)
        {
            return;
        }

        int size = StoredTypeOf(tensor, "").ByteSize();
        using var scope = NewDisposeScope();
        Tensor flat = tensor.view(-1);                                     // [count], same memory
        for (long first = 0; first < count; first += PartBytes / size)
        {
            Tensor part = flat.narrow(0, first, Math.Min(PartBytes / size, count - first));
            action(part.bytes, first * size);
        }
    }
}
