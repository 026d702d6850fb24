using System.Buffers.Binary;
using static TorchSharp.torch;

namespace DeltaTune.Files;

/// <content>Where bytes meet tensors.</content>
public sealed partial class SafetensorsFile
{
    private static readonly Dictionary<string, string> DefaultMetadata = new() { ["format"] = "pt" };

    /// <summary>Reads one tensor, on the CPU, in the type that the file has.</summary>
    /// <param name="name">The tensor's name.</param>
    /// <returns>A new tensor without gradient, the caller's to dispose.</returns>
    /// <exception cref="KeyNotFoundException">The file has no such tensor.</exception>
    /// <exception cref="InvalidDataException">The file became shorter since it was opened.</exception>
    public Tensor Read(string name)
    {
        SafetensorsEntry entry = Get(name);
        return TensorBytes.Create(entry.Type, entry.Shape, (destination, start) => CopyTo(name, destination, start));
    }

    /// <summary>Writes tensors to a file, atomically, with the widest element types first and names in ordinal order within a type.</summary>
    /// <remarks>So ordered every tensor lies at a multiple of its element size, as the reference implementation does it.</remarks>
    /// <param name="path">The file, replaced when it exists.</param>
    /// <param name="tensors">Names and tensors, of any device and layout; not disposed.</param>
    /// <param name="metadata">Notes for the header; null writes <c>format</c> = <c>pt</c>, as PyTorch's readers expect.</param>
    /// <exception cref="ArgumentException">A name occurs twice, or a tensor's type has no place in the format.</exception>
    /// <exception cref="IOException">The file cannot be written; what was there before is unchanged.</exception>
    public static void Write(string path, IEnumerable<(string Name, Tensor Tensor)> tensors, IReadOnlyDictionary<string, string>? metadata = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        ArgumentNullException.ThrowIfNull(tensors);
        var sorted = tensors
            .Select(item => (item.Name, item.Tensor, Type: TensorBytes.StoredTypeOf(item.Tensor, item.Name), Shape: item.Tensor.shape))
            .OrderByDescending(item => item.Type.ByteSize())
            .ThenBy(item => item.Name, StringComparer.Ordinal)
            .ToArray();
        if (sorted.GroupBy(item => item.Name).FirstOrDefault(group => group.Count() > 1) is { } twice)
        {
            throw new ArgumentException($"Tensor '{twice.Key}' is given {twice.Count()} times for '{path}'; every name must be there once.", nameof(tensors));
        }

        byte[] header = SafetensorsHeader.Build(
            sorted.Select(item => (item.Name, item.Type, (IReadOnlyList<long>)item.Shape, item.Tensor.numel() * item.Type.ByteSize())),
            metadata ?? DefaultMetadata);
        AtomicFile.Write(path, stream =>
        {
            Span<byte> length = stackalloc byte[8];
            BinaryPrimitives.WriteInt64LittleEndian(length, header.Length);
            stream.Write(length);
            stream.Write(header);
            foreach (var item in sorted)
            {
                TensorBytes.CopyTo(item.Tensor, stream);
            }
        });
    }
}
