using System.Reflection;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using TorchSharp;

namespace DeltaTune.Host.CommandLine;

/// <summary>What <c>--version</c> shows.</summary>
internal static class VersionReport
{
    /// <summary>Gets DeltaTune's version, such as <c>0.1.0</c>.</summary>
    public static string Version { get; } =
        (typeof(VersionReport).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "unknown").Split('+')[0];

    /// <summary>Writes the report. Loads libtorch, to ask it which it is.</summary>
    public static int Write(TextWriter output)
    {
        output.WriteLine($"deltatune {Version}");
        output.WriteLine($"torch     {DescribeTorch()}");
        output.WriteLine($"runtime   {RuntimeInformation.FrameworkDescription}, {RuntimeInformation.RuntimeIdentifier}");
        return ExitCode.Success;
    }

    /// <summary>Describes the torch in use in one line: provider, libtorch, BLAS.</summary>
    public static string DescribeTorch()
    {
        try
        {
            Touch();

            // The system provider leaves its description here when it has loaded libtorch; NuGet's package does not.
            return AppContext.GetData("DeltaTune.TorchProvider") as string ?? $"package, TorchSharp {typeof(torch).Assembly.GetName().Version?.ToString(3)}";
        }
        catch (Exception cause) when (cause is DllNotFoundException or TypeInitializationException or NotSupportedException or FileNotFoundException or EntryPointNotFoundException)
        {
            return $"not usable: {(cause.InnerException ?? cause).Message}";
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)] // so that a failure to load arises inside the try
    private static void Touch() => torch.zeros(1).Dispose();
}
