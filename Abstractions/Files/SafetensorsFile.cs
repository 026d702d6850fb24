using System.Buffers.Binary;
using Microsoft.Win32.SafeHandles;

namespace DeltaTune.Files;

/// <summary>A safetensors file open for reading. The header is read and checked at once, tensors when asked for.</summary>
/// <remarks>
/// Source: the format of huggingface/safetensors. Bytes are read by position rather than through a memory map, since a file that another process
/// cuts short under a map ends this process. All members may be used from several threads.
/// </remarks>
public sealed partial class SafetensorsFile : IDisposable
{
    private readonly SafeFileHandle _handle;
    private readonly Dictionary<string, SafetensorsEntry> _byName;

    private SafetensorsFile(string path, SafeFileHandle handle, IReadOnlyDictionary<string, string> metadata, IReadOnlyList<SafetensorsEntry> entries)
    {
        Path = path;
        Metadata = metadata;
        Entries = entries;
        _handle = handle;
        _byName = entries.ToDictionary(entry => entry.Name, StringComparer.Ordinal);
    }

    /// <summary>Gets the path that was opened.</summary>
    public string Path { get; }

    /// <summary>Gets the file's own notes, such as <c>format</c> = <c>pt</c>; empty when there are none.</summary>
    public IReadOnlyDictionary<string, string> Metadata { get; }

    /// <summary>Gets the tensors in the header's order.</summary>
    public IReadOnlyList<SafetensorsEntry> Entries { get; }

    /// <summary>Opens a file and checks its header: JSON, names, types, and that the tensors fill the file without hole or overlap.</summary>
    /// <param name="path">The file.</param>
    /// <returns>The open file, the caller's to dispose.</returns>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="InvalidDataException">The file is cut short or its header is wrong; the message says where.</exception>
    public static SafetensorsFile Open(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        SafeFileHandle handle = File.OpenHandle(path, options: FileOptions.RandomAccess);
        try
        {
            long length = RandomAccess.GetLength(handle);
            Span<byte> prefix = stackalloc byte[8];
            if (length < 8 || !TryReadExactly(handle, prefix, 0))
            {
                throw new InvalidDataException($"'{path}' is not a valid safetensors file: it has {length} bytes, too few for the 8 that give the header's length.");
            }

            ulong headerLength = BinaryPrimitives.ReadUInt64LittleEndian(prefix);
            if (headerLength > (ulong)(length - 8) || headerLength > SafetensorsHeader.LongestHeader)
            {
                throw new InvalidDataException($"'{path}' is not a valid safetensors file: it says that its header has {headerLength} bytes, "
                    + $"but {length - 8} follow (and at most {SafetensorsHeader.LongestHeader} are allowed); it is cut short or of another format.");
            }

            var json = new byte[(int)headerLength];
            if (!TryReadExactly(handle, json, 8))
            {
                throw new InvalidDataException($"'{path}' became shorter while its header was read.");
            }

            var (metadata, entries) = SafetensorsHeader.Parse(path, json, length - 8 - json.Length);
            return new SafetensorsFile(path, handle, metadata, entries);
        }
        catch
        {
            handle.Dispose();
            throw;
        }
    }

    /// <summary>Finds a tensor's entry.</summary>
    /// <param name="name">The tensor's name.</param>
    /// <returns>The entry, or null when the file has none of this name.</returns>
    public SafetensorsEntry? Find(string name) => _byName.GetValueOrDefault(name);

    /// <summary>Reads a tensor's bytes.</summary>
    /// <param name="name">The tensor's name.</param>
    /// <returns>A new array with the little-endian elements, row-major.</returns>
    /// <exception cref="KeyNotFoundException">The file has no such tensor.</exception>
    /// <exception cref="InvalidDataException">The file became shorter, or the tensor is larger than an array can be.</exception>
    public byte[] ReadBytes(string name)
    {
        SafetensorsEntry entry = Get(name);
        if (entry.ByteLength > Array.MaxLength)
        {
            throw new InvalidDataException($"'{Path}': tensor '{name}' has {entry.ByteLength} bytes, more than one array holds ({Array.MaxLength}).");
        }

        var bytes = new byte[entry.ByteLength];
        CopyTo(name, bytes);
        return bytes;
    }

    /// <summary>Copies a part of a tensor's bytes.</summary>
    /// <param name="name">The tensor's name.</param>
    /// <param name="destination">Where to, filled whole.</param>
    /// <param name="start">The first byte to copy, counted from the tensor's own start.</param>
    /// <exception cref="KeyNotFoundException">The file has no such tensor.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The part is not inside the tensor.</exception>
    /// <exception cref="InvalidDataException">The file became shorter since it was opened.</exception>
    public void CopyTo(string name, Span<byte> destination, long start = 0)
    {
        SafetensorsEntry entry = Get(name);
        ArgumentOutOfRangeException.ThrowIfNegative(start);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(start, entry.ByteLength - destination.Length);
        if (!TryReadExactly(_handle, destination, entry.Offset + start))
        {
            throw new InvalidDataException($"'{Path}' became shorter while tensor '{name}' was read.");
        }
    }

    /// <summary>Looks for values that are not finite, in the order of <see cref="Entries"/>. Reads the whole file if there are none.</summary>
    /// <returns>The name of the first tensor with NaN or infinity, or null.</returns>
    public string? FindNonFinite()
    {
        var buffer = new byte[1 << 20];
        foreach (SafetensorsEntry entry in Entries.Where(entry => entry.Type.IsFloatingPoint()))
        {
            for (long start = 0; start < entry.ByteLength; start += buffer.Length)
            {
                Span<byte> part = buffer.AsSpan(0, (int)Math.Min(buffer.Length, entry.ByteLength - start));
                CopyTo(entry.Name, part, start);
                if (FiniteCheck.HasNonFinite(entry.Type, part))
                {
                    return entry.Name;
                }
            }
        }

        return null;
    }

    /// <summary>Closes the file.</summary>
    public void Dispose() => _handle.Dispose();

    private static bool TryReadExactly(SafeFileHandle handle, Span<byte> destination, long offset)
    {
        while (destination.Length > 0)
        {
            int read = RandomAccess.Read(handle, destination, offset);
            if (read == 0)
            {
                return false;
            }

            destination = destination[read..];
            offset += read;
        }

        return true;
    }

    private SafetensorsEntry Get(string name) => _byName.TryGetValue(name, out SafetensorsEntry? entry)
        ? entry
        : throw new KeyNotFoundException($"'{Path}' has no tensor '{name}'; it has {Entries.Count}, the first being {string.Join(", ", Entries.Take(3).Select(e => $"'{e.Name}'"))}.");
}
