using System.Runtime.InteropServices;

namespace DeltaTune.Host.Runs;

/// <summary>The C library's heap, where libtorch's tensors live on a CPU.</summary>
/// <remarks>
/// glibc fetches every block of 32 MiB or more from the kernel and gives it back when it is freed. Training asks for the same tables step after step, and each time the kernel fills
/// them with zeros first: with tables of hundreds of megabytes most of a step. Kept, they are there already. Only a program of its own may decide that, never a library.
/// </remarks>
internal static class NativeHeap
{
    private const int TrimThreshold = -1, MostMapped = -4; // glibc, malloc.h: M_TRIM_THRESHOLD, M_MMAP_MAX
    private const int Never = -1, None = 0;

    [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
    private delegate int Mallopt(int parameter, int value);

    /// <summary>Has freed memory kept for what comes next, on Linux with glibc, unless the user has set how its heap works.</summary>
    public static void Keep()
    {
        if (OperatingSystem.IsLinux() && !IsSet("MALLOC_MMAP_MAX_") && !IsSet("MALLOC_MMAP_THRESHOLD_") && !IsSet("MALLOC_TRIM_THRESHOLD_") && !IsSet("GLIBC_TUNABLES")
            && NativeLibrary.TryLoad("libc.so.6", out nint library) && NativeLibrary.TryGetExport(library, "mallopt", out nint mallopt))
        {
            var set = Marshal.GetDelegateForFunctionPointer<Mallopt>(mallopt);
            _ = set(MostMapped, None);
            _ = set(TrimThreshold, Never);
        }
    }

    private static bool IsSet(string variable) => Environment.GetEnvironmentVariable(variable) is { Length: > 0 };
}
