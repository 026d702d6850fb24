using System.Diagnostics;
using System.Globalization;

namespace DeltaTune.Host.Runs;

/// <summary>Tells how much memory the process has had at most.</summary>
internal static class PeakMemory
{
    /// <summary>Reads the peak of resident memory.</summary>
    /// <returns>Bytes: the kernel's VmHWM, or what the runtime knows where there is no /proc.</returns>
    public static long Bytes()
    {
        try
        {
            string? line = File.ReadLines("/proc/self/status").FirstOrDefault(l => l.StartsWith("VmHWM:", StringComparison.Ordinal));
            if (line is not null)
            {
                return long.Parse(line.AsSpan(6).TrimEnd("kB ").Trim(), NumberStyles.Integer, CultureInfo.InvariantCulture) * 1024;
            }
        }
        catch (Exception cause) when (cause is IOException or UnauthorizedAccessException)
        {
            // No /proc here: the runtime's number below serves.
        }

        using var self = Process.GetCurrentProcess();
        return self.PeakWorkingSet64;
    }
}
