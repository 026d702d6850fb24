using System.Buffers.Binary;
using System.Text;

namespace DeltaTune.Backbones.Checkpoints;

/// <summary>Finds the stored (not compressed) members of a zip file, so that they can be read in place.</summary>
/// <remarks>Source: PKWARE APPNOTE.TXT 6.3, §4.3 (records) and §4.5.3 (Zip64). torch stores every member uncompressed.</remarks>
internal static class ZipDirectory
{
    private const uint EndMark = 0x06054B50;
    private const uint End64Mark = 0x06064B50;
    private const uint Locator64Mark = 0x07064B50;
    private const uint CentralMark = 0x02014B50;
    private const uint LocalMark = 0x04034B50;
    private const int EndSize = 22;
    private const int CentralSize = 46;
    private const int LocalSize = 30;

    /// <summary>Reads the directory.</summary>
    /// <returns>Offset and length of each member's bytes, by name.</returns>
    /// <exception cref="InvalidDataException">The file is cut short, or a member is compressed, encrypted or outside the file.</exception>
    public static Dictionary<string, (long Offset, long Length)> Read(BoundedFile file)
    {
        (long offset, long size, long count) = FindCentral(file);
        byte[] central = file.Read(offset, size);
        var members = new Dictionary<string, (long, long)>(StringComparer.Ordinal);
        int at = 0;
        for (long index = 0; index < count; index++)
        {
            ReadOnlySpan<byte> header = central.AsSpan(at);
            if (header.Length < CentralSize || U32(header, 0) != CentralMark)
            {
                throw Bad(file, $"its directory must list {count} members, but ends after {index}");
            }

            int nameLength = U16(header, 28), extraLength = U16(header, 30), whole = CentralSize + nameLength + extraLength + U16(header, 32);
            if (header.Length < whole)
            {
                throw Bad(file, $"its directory is cut short in member {index}");
            }

            string name = Encoding.UTF8.GetString(header.Slice(CentralSize, nameLength));
            if (U16(header, 10) != 0 || (U16(header, 8) & 1) != 0)
            {
                throw Bad(file, $"member '{name}' must be stored as it is, but is compressed or encrypted");
            }

            if (!members.TryAdd(name, Locate(file, name, header, header.Slice(CentralSize + nameLength, extraLength))))
            {
                throw Bad(file, $"member '{name}' is listed twice");
            }

            at += whole;
        }

        return members;
    }

    private static (long Offset, long Size, long Count) FindCentral(BoundedFile file)
    {
        // The end record is followed by a comment of at most 65535 bytes, and preceded by the Zip64 locator.
        long tailStart = Math.Max(0, file.Length - EndSize - ushort.MaxValue - 20);
        byte[] tail = file.Read(tailStart, file.Length - tailStart);
        for (int at = tail.Length - EndSize; at >= 0; at--)
        {
            ReadOnlySpan<byte> end = tail.AsSpan(at);
            if (U32(end, 0) != EndMark || U16(end, 20) != end.Length - EndSize)
            {
                continue;
            }

            (long offset, long size, long count) = (U32(end, 16), U32(end, 12), U16(end, 10));
            if ((offset == uint.MaxValue || size == uint.MaxValue || count == ushort.MaxValue) && at >= 20 && U32(tail, at - 20) == Locator64Mark)
            {
                byte[] end64 = file.Read(I64(tail, at - 12), 56);
                return U32(end64, 0) == End64Mark
                    ? (I64(end64, 48), I64(end64, 40), I64(end64, 32))
                    : throw Bad(file, "its Zip64 end record is not where it should be");
            }

            return (offset, size, count);
        }

        throw Bad(file, "it has no end record, so it is cut short");
    }

    private static (long Offset, long Length) Locate(BoundedFile file, string name, ReadOnlySpan<byte> header, ReadOnlySpan<byte> extra)
    {
        long stored = U32(header, 20), length = U32(header, 24), local = U32(header, 42);
        while (extra.Length >= 4)
        {
            int id = U16(extra, 0), size = U16(extra, 2);
            if (size > extra.Length - 4)
            {
                break;
            }

            if (id == 1)
            {
                // Only the values that did not fit above are here, in this order.
                ReadOnlySpan<byte> wide = extra.Slice(4, size);
                length = Wide(length, ref wide);
                stored = Wide(stored, ref wide);
                local = Wide(local, ref wide);
            }

            extra = extra[(4 + size)..];
        }

        byte[] start = file.Read(local, LocalSize);
        long offset = local + LocalSize + U16(start, 26) + U16(start, 28);
        if (U32(start, 0) != LocalMark || stored != length || length < 0 || offset > file.Length || length > file.Length - offset)
        {
            throw Bad(file, $"member '{name}' of {length} bytes must lie at {offset}, inside the file's {file.Length} bytes");
        }

        return (offset, length);
    }

    private static long Wide(long narrow, ref ReadOnlySpan<byte> wide)
    {
        if (narrow != uint.MaxValue || wide.Length < 8)
        {
            return narrow;
        }

        long value = I64(wide, 0);
        wide = wide[8..];
        return value;
    }

    private static ushort U16(ReadOnlySpan<byte> bytes, int at) => BinaryPrimitives.ReadUInt16LittleEndian(bytes[at..]);

    private static uint U32(ReadOnlySpan<byte> bytes, int at) => BinaryPrimitives.ReadUInt32LittleEndian(bytes[at..]);

    private static long I64(ReadOnlySpan<byte> bytes, int at) => BinaryPrimitives.ReadInt64LittleEndian(bytes[at..]);

    private static InvalidDataException Bad(BoundedFile file, string what) => new($"'{file.Path}' is not a whole zip file: {what}.");
}
