using System.Text;

namespace DeltaTune.Files;

/// <summary>Writes files so that a reader sees the old content or the new, whole, whatever happens in between.</summary>
/// <remarks>
/// The content goes to a temporary name in the same folder (renaming works within one file system only), is flushed to the disk, and is
/// renamed over the target. When writing fails or is cancelled, the temporary file is removed and the target stays as it was.
/// </remarks>
public static class AtomicFile
{
    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false);

    /// <summary>Writes a file.</summary>
    /// <param name="path">The file, replaced when it exists. Its folder must exist.</param>
    /// <param name="write">Writes the content to the stream that it is given, and leaves the stream open.</param>
    /// <exception cref="IOException">The folder is missing, the disk is full, or the file cannot be replaced.</exception>
    public static void Write(string path, Action<Stream> write)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        ArgumentNullException.ThrowIfNull(write);
        string temporary = TemporaryName(path);
        try
        {
            using (var stream = new FileStream(temporary, FileMode.CreateNew, FileAccess.Write, FileShare.None, bufferSize: 1 << 16))
            {
                write(stream);
                stream.Flush(flushToDisk: true);
            }

            File.Move(temporary, path, overwrite: true);
        }
        catch
        {
            Remove(temporary);
            throw;
        }
    }

    /// <summary>Writes a file.</summary>
    /// <param name="path">The file, replaced when it exists. Its folder must exist.</param>
    /// <param name="write">Writes the content to the stream that it is given, and leaves the stream open.</param>
    /// <param name="cancellationToken">Passed on to <paramref name="write"/>; looked at once more before the rename.</param>
    /// <returns>A task that ends when the new content is in place.</returns>
    /// <exception cref="IOException">The folder is missing, the disk is full, or the file cannot be replaced.</exception>
    /// <exception cref="OperationCanceledException">Cancelled; the target is as it was.</exception>
    public static async Task WriteAsync(string path, Func<Stream, CancellationToken, Task> write, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        ArgumentNullException.ThrowIfNull(write);
        string temporary = TemporaryName(path);
        try
        {
            var stream = new FileStream(temporary, FileMode.CreateNew, FileAccess.Write, FileShare.None, bufferSize: 1 << 16, useAsync: true);
            await using (stream.ConfigureAwait(false))
            {
                await write(stream, cancellationToken).ConfigureAwait(false);
                await stream.FlushAsync(cancellationToken).ConfigureAwait(false);
                stream.Flush(flushToDisk: true);
            }

            cancellationToken.ThrowIfCancellationRequested();
            File.Move(temporary, path, overwrite: true);
        }
        catch
        {
            Remove(temporary);
            throw;
        }
    }

    /// <summary>Writes a text as UTF-8 without a byte-order mark.</summary>
    /// <param name="path">The file, replaced when it exists.</param>
    /// <param name="text">The whole content.</param>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public static void WriteAllText(string path, string text) => Write(path, stream => stream.Write(Utf8.GetBytes(text)));

    /// <summary>Writes a text as UTF-8 without a byte-order mark.</summary>
    /// <param name="path">The file, replaced when it exists.</param>
    /// <param name="text">The whole content.</param>
    /// <param name="cancellationToken">Stops the writing; the target is then as it was.</param>
    /// <returns>A task that ends when the new content is in place.</returns>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public static Task WriteAllTextAsync(string path, string text, CancellationToken cancellationToken = default) =>
        WriteAsync(path, (stream, token) => stream.WriteAsync(Utf8.GetBytes(text), token).AsTask(), cancellationToken);

    private static string TemporaryName(string path)
    {
        string full = Path.GetFullPath(path);
        return Path.Combine(Path.GetDirectoryName(full) ?? full, $".{Path.GetFileName(full)}.{Guid.NewGuid():N}.tmp");
    }

    private static void Remove(string temporary)
    {
        try
        {
            File.Delete(temporary);
        }
        catch (Exception cause) when (cause is IOException or UnauthorizedAccessException)
        {
            // The failure on its way to the caller is the one that matters; this one only leaves a file behind.
        }
    }
}
