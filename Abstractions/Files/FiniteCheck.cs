using System.Numerics;
using System.Runtime.InteropServices;

namespace DeltaTune.Files;

/// <summary>Finds NaN and infinity in raw little-endian floating-point numbers, without converting them.</summary>
public static class FiniteCheck
{
    /// <summary>Tells whether any element is NaN or infinite: in IEEE 754 exactly those have every bit of the exponent set.</summary>
    /// <param name="type">The element type; whole numbers are always finite.</param>
    /// <param name="bytes">The elements; a multiple of the element size.</param>
    /// <returns>True when at least one is not finite.</returns>
    public static bool HasNonFinite(StoredType type, ReadOnlySpan<byte> bytes) => type switch
    {
        StoredType.F16 => Any<ushort>(MemoryMarshal.Cast<byte, ushort>(bytes), 0x7C00),
        StoredType.BF16 => Any<ushort>(MemoryMarshal.Cast<byte, ushort>(bytes), 0x7F80),
        StoredType.F32 => Any<uint>(MemoryMarshal.Cast<byte, uint>(bytes), 0x7F80_0000),
        StoredType.F64 => Any<ulong>(MemoryMarshal.Cast<byte, ulong>(bytes), 0x7FF0_0000_0000_0000),
        _ => false,
    };

    private static bool Any<T>(ReadOnlySpan<T> values, T exponent)
        where T : struct, IBinaryInteger<T>
    {
        var mask = new Vector<T>(exponent);
        int index = 0;
        for (; index <= values.Length - Vector<T>.Count; index += Vector<T>.Count)
        {
            if (Vector.EqualsAny(new Vector<T>(values[index..]) & mask, mask))
            {
                return true;
            }
        }

        for (; index < values.Length; index++)
        {
            if ((values[index] & exponent) == exponent)
            {
                return true;
            }
        }

        return false;
    }
}
