using System.Runtime.InteropServices;
using System.Runtime.Intrinsics.X86;

namespace TorchSharp.Interop;

/// <summary>Finds the shim beside this assembly and, before libtorch is loaded with it, chooses the BLAS kernels.</summary>
internal static unsafe class NativeLoader
{
    internal const string LibraryName = "DeltaTuneTorch";

    // glibc's values; dlopen with these makes the library the one that later dependents of the same soname get.
    private const int RtldNow = 2;
    private const int RtldGlobal = 0x100;

#if DISTRIBUTION_LIBTORCH
    private static readonly bool BlasIsTheDistributions = true;
#else
    private static readonly bool BlasIsTheDistributions = false;
#endif

    private static readonly Lazy<nint> Shim = new(Load);

    internal static void Initialize() =>
        NativeLibrary.SetDllImportResolver(typeof(NativeLoader).Assembly, static (name, _, _) => name == LibraryName ? Shim.Value : 0);

    private static nint Load()
    {
        string kernels = ChooseBlasKernels();
        KeepFreedMemory();
        string folder = Path.GetDirectoryName(typeof(NativeLoader).Assembly.Location) is { Length: > 0 } beside ? beside : AppContext.BaseDirectory;
        string path = Path.Combine(folder, "libDeltaTuneTorch.so");
        if (!File.Exists(path) && File.Exists(Path.Combine(AppContext.BaseDirectory, "libDeltaTuneTorch.so")))
        {
            path = Path.Combine(AppContext.BaseDirectory, "libDeltaTuneTorch.so");
        }

        string blas = PreloadOpenMpBlas();
        nint library;
        try
        {
            library = NativeLibrary.Load(path);
        }
        catch (DllNotFoundException cause)
        {
            throw new DllNotFoundException($"The torch shim '{path}' could not be loaded; build Compat/TorchSharp against the libtorch of this machine (apt-get install libtorch-dev). {cause.Message}", cause);
        }

        TorchProvider.Publish(library, blas, kernels);
        return library;
    }

    // Debian's OpenBLAS 0.3.21 does not know newer processors and falls back to SSE3 kernels (design, section 6).
    private static string ChooseBlasKernels()
    {
        if (Environment.GetEnvironmentVariable("OPENBLAS_CORETYPE") is { Length: > 0 } chosen)
        {
            return $"{chosen} (set by the user)";
        }

        string? kernels = Avx512F.IsSupported && Avx512DQ.IsSupported && Avx512BW.IsSupported && Avx512BW.VL.IsSupported ? "SkylakeX"
            : Avx2.IsSupported && Fma.IsSupported ? "Haswell"
            : null;
        if (kernels is null)
        {
            return "OpenBLAS's own choice";
        }

        // .NET keeps its own copy of the environment; native code sees only what libc's setenv wrote.
        fixed (byte* name = "OPENBLAS_CORETYPE"u8, value = System.Text.Encoding.ASCII.GetBytes(kernels + "\0"))
        {
            _ = setenv(name, value, 0);
        }

        return kernels;
    }

    // A training step frees and takes the same large tensors again; by default glibc gives each back to the system, which hands it
    // out anew page by page: some 10,000 page faults a step for a BERT of 512. What is freed stays with the process instead, up to a limit.
    private static void KeepFreedMemory()
    {
        const int TrimThreshold = -1, MmapThreshold = -3; // glibc's malloc.h
        if (Environment.GetEnvironmentVariable("GLIBC_TUNABLES") is null && Environment.GetEnvironmentVariable("MALLOC_MMAP_THRESHOLD_") is null)
        {
            _ = mallopt(MmapThreshold, 32 << 20); // its largest value; larger tensors still come from the system
            _ = mallopt(TrimThreshold, 256 << 20);
        }
    }

    // The pthread build runs a second pool of threads beside libtorch's; the openmp build shares libgomp with it.
    private static string PreloadOpenMpBlas()
    {
        string folder = $"/usr/lib/{(RuntimeInformation.ProcessArchitecture == Architecture.Arm64 ? "aarch64" : "x86_64")}-linux-gnu/openblas-openmp/";
        if (!BlasIsTheDistributions || !File.Exists(folder + "libblas.so.3"))
        {
            return "";
        }

        foreach (string file in new[] { "libopenblas.so.0", "libblas.so.3", "liblapack.so.3" })
        {
            fixed (byte* path = System.Text.Encoding.UTF8.GetBytes(folder + file + "\0"))
            {
                _ = dlopen(path, RtldNow | RtldGlobal);
            }
        }

        return folder + "libblas.so.3";
    }

    [DllImport("libc.so.6")] private static extern int setenv(byte* name, byte* value, int overwrite);

    [DllImport("libc.so.6")] private static extern int mallopt(int parameter, int value);

    [DllImport("libc.so.6")] private static extern nint dlopen(byte* path, int flags);
}
