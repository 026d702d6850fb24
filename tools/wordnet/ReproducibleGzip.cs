using System.IO.Compression;
using System.Text;

namespace DeltaTune.Tools.WordNet;

/// <summary>Writes gzip files whose bytes depend on nothing but their lines and the version of .NET's zlib.</summary>
internal static class ReproducibleGzip
{
    private const int OperatingSystem = 9; // the header's byte that names the system written on; 255 is "unknown" (RFC 1952)

    /// <summary>Writes the lines as UTF-8, each ended by LF, to a new name first and then in place. Returns their number.</summary>
    public static int WriteLines(string path, IEnumerable<string> lines)
    {
        using var bytes = new MemoryStream();
        int count = 0;
        using (var gzip = new GZipStream(bytes, CompressionLevel.SmallestSize, leaveOpen: true)) // writes no time and no name
        using (var writer = new StreamWriter(gzip, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false)) { NewLine = "\n" })
        {
            foreach (string line in lines)
            {
                writer.WriteLine(line);
                count++;
            }
        }

        byte[] file = bytes.ToArray();
        file[OperatingSystem] = 255;
        string temporary = path + ".new";
        File.WriteAllBytes(temporary, file);
        File.Move(temporary, path, overwrite: true);
        return count;
    }
}
