using Microsoft.Win32.SafeHandles;

namespace DeltaTune.Backbones.Checkpoints;

/// <summary>A file read by position, which refuses to read beyond its end with a clear message.</summary>
internal sealed class BoundedFile : IDisposable
{
    private readonly SafeFileHandle _handle;

    public BoundedFile(string path)
    {
        Path = path;
        _handle = File.OpenHandle(path, options: FileOptions.RandomAccess);
        Length = RandomAccess.GetLength(_handle);
    }

    public string Path { get; }

    public long Length { get; }

    /// <summary>Fills <paramref name="destination"/> from <paramref name="offset"/>.</summary>
    public void Read(Span<byte> destination, long offset)
    {
        while (destination.Length > 0)
        {
            int read = offset < 0 ? 0 : RandomAccess.Read(_handle, destination, offset);
            if (read == 0)
            {
                throw new InvalidDataException($"'{Path}' is cut short: {destination.Length} bytes at {offset} are missing, the file has {Length}.");
            }

            destination = destination[read..];
            offset += read;
        }
    }

    /// <summary>Reads <paramref name="count"/> bytes; checked against the file's length before anything is allocated.</summary>
    public byte[] Read(long offset, long count)
    {
        if (offset < 0 || count < 0 || count > Length - offset || count > Array.MaxLength)
        {
            throw new InvalidDataException($"'{Path}' is cut short or damaged: {count} bytes at {offset} are asked for, the file has {Length}.");
        }

        var bytes = new byte[count];
        Read(bytes, offset);
        return bytes;
    }

    public void Dispose() => _handle.Dispose();
}
