using System.Diagnostics.CodeAnalysis;

namespace DeltaTune.Files;

/// <summary>What is known of each <see cref="StoredType"/>: its size and its name in a safetensors header.</summary>
public static class StoredTypes
{
    // In the order of the enum.
    private static readonly string[] Names = ["BOOL", "U8", "I8", "I16", "I32", "I64", "F16", "BF16", "F32", "F64"];
    private static readonly int[] Sizes = [1, 1, 1, 2, 4, 8, 2, 2, 4, 8];

    /// <summary>Gets all names, for messages.</summary>
    public static IReadOnlyList<string> AllNames => Names;

    /// <summary>Gets the size of one element in bytes.</summary>
    /// <param name="type">The element type.</param>
    /// <returns>1, 2, 4 or 8.</returns>
    public static int ByteSize(this StoredType type) => Sizes[(int)type];

    /// <summary>Gets the name in a safetensors header, such as <c>F32</c>.</summary>
    /// <param name="type">The element type.</param>
    /// <returns>The name.</returns>
    public static string SafetensorsName(this StoredType type) => Names[(int)type];

    /// <summary>Tells whether the type can hold NaN and infinity.</summary>
    /// <param name="type">The element type.</param>
    /// <returns>True for F16, BF16, F32 and F64.</returns>
    public static bool IsFloatingPoint(this StoredType type) => type >= StoredType.F16;

    /// <summary>Finds the type of a safetensors name.</summary>
    /// <param name="name">A name as in a header, case-sensitive.</param>
    /// <param name="type">The type, when found.</param>
    /// <returns>False for a name that is not known.</returns>
    public static bool TryParse([NotNullWhen(true)] string? name, out StoredType type)
    {
        int index = Array.IndexOf(Names, name);
        type = index < 0 ? default : (StoredType)index;
        return index >= 0;
    }
}
