using System.IO.Compression;

namespace DeltaTune.Backbones.Tests;

/// <summary>Finds reference files kept beside the repository; a test that needs one is ignored where it is absent.</summary>
internal static class SharedFiles
{
    public static string? TryFind(string relative)
    {
        for (DirectoryInfo? folder = new(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            string path = Path.Combine(folder.FullName, "shared", relative);
            if (File.Exists(path) || Directory.Exists(path))
            {
                return path;
            }
        }

        return null;
    }

    public static string Find(string relative)
    {
        string? path = TryFind(relative);
        if (path is null)
        {
            Assert.Ignore($"shared/{relative} is absent");
        }

        return path!;
    }

    /// <summary>Unpacks a gzip'd file to a folder under a name of its own.</summary>
    public static void Unpack(string relative, string folder, string name)
    {
        using var packed = new GZipStream(File.OpenRead(Find(relative)), CompressionMode.Decompress);
        using FileStream target = File.Create(Path.Combine(folder, name));
        packed.CopyTo(target);
    }

    /// <summary>Makes an empty folder that the caller deletes.</summary>
    public static string NewFolder() => Directory.CreateTempSubdirectory("deltatune-").FullName;
}
