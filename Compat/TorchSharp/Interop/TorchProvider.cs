using System.Runtime.InteropServices;

namespace TorchSharp.Interop;

/// <summary>Tells where torch comes from, for the version line of the command line.</summary>
internal static unsafe class TorchProvider
{
    /// <summary>The application data under which a host finds <see cref="Description"/>.</summary>
    internal const string DataName = "DeltaTune.TorchProvider";

    // The library that computes comes before the one that only forwards to it.
    private static readonly string[] BlasNames = ["libopenblas", "libmkl", "libblis", "libblas"];

    /// <summary>Gets one line: provider, libtorch's version, the BLAS file loaded where it can be told, the kernels chosen.</summary>
    internal static string Description { get; private set; } = "system, libtorch not loaded yet";

    internal static void Publish(nint library, string blas, string kernels)
    {
        var version = (delegate* unmanaged<byte*>)NativeLibrary.GetExport(library, "dt_version");
        string loaded = LoadedBlas() ?? blas;
        Description = $"system, libtorch {Marshal.PtrToStringUTF8((nint)version())}"
            + (loaded.Length == 0 ? "" : $", BLAS {loaded}")
            + (loaded.Contains("openblas", StringComparison.Ordinal) ? $", kernels {kernels}" : "");
        AppContext.SetData(DataName, Description);
    }

    // The process's own map of files tells which BLAS the loader took.
    private static string? LoadedBlas()
    {
        try
        {
            string[] files = [.. File.ReadLines("/proc/self/maps")
                .Select(static line => line.IndexOf('/', StringComparison.Ordinal) is int at and >= 0 ? line[at..] : "")
                .Distinct()];
            return BlasNames.Select(name => files.FirstOrDefault(file => Path.GetFileName(file).StartsWith(name, StringComparison.Ordinal))).FirstOrDefault(static file => file is not null);
        }
        catch (IOException)
        {
            return null; // no /proc here: the version line does without
        }
    }
}
