using System.IO.Compression;

namespace DeltaTune.Backbones.Pretraining;

/// <summary>Reads the lines of a corpus file.</summary>
internal static class CorpusLines
{
    /// <summary>Opens a file, unpacking it where its name ends in <c>.gz</c>.</summary>
    public static Stream Open(string path)
    {
        FileStream file = File.OpenRead(path);
        return path.EndsWith(".gz", StringComparison.OrdinalIgnoreCase) ? new GZipStream(file, CompressionMode.Decompress) : file;
    }

    /// <summary>Reads the lines that have text.</summary>
    public static IEnumerable<string> Read(string path)
    {
        using var reader = new StreamReader(Open(path));
        while (reader.ReadLine() is { } line)
        {
            if (!string.IsNullOrWhiteSpace(line))
            {
                yield return line;
            }
        }
    }
}
