namespace DeltaTune.Files;

/// <summary>One tensor of a safetensors file, as its header describes it.</summary>
/// <param name="Name">The tensor's name, unique in its file.</param>
/// <param name="Type">The type of its elements.</param>
/// <param name="Shape">Its sizes, row-major; empty for a scalar.</param>
/// <param name="Offset">Where its bytes begin, counted from the start of the file.</param>
/// <param name="ByteLength">How many bytes it has: the product of the shape times the element size.</param>
public sealed record SafetensorsEntry(string Name, StoredType Type, IReadOnlyList<long> Shape, long Offset, long ByteLength);
