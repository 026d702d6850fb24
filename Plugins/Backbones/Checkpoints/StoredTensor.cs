using DeltaTune.Files;

namespace DeltaTune.Backbones.Checkpoints;

/// <summary>A tensor of a store.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Type">Its element type.</param>
/// <param name="Shape">Its sizes, row-major.</param>
/// <param name="Sharing">Equal for tensors that are the same elements of the same storage; null where a format shares nothing.</param>
internal sealed record StoredTensor(string Name, StoredType Type, IReadOnlyList<long> Shape, string? Sharing)
{
    /// <summary>Gets the number of bytes; stores have checked that it does not overflow.</summary>
    public long ByteLength => Shape.Aggregate((long)Type.ByteSize(), (product, size) => product * size);
}
