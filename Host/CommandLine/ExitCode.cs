namespace DeltaTune.Host.CommandLine;

/// <summary>What the process answers with.</summary>
internal static class ExitCode
{
    /// <summary>All went well.</summary>
    public const int Success = 0;

    /// <summary>A fault of ours or of a plugin.</summary>
    public const int Fault = 1;

    /// <summary>A mistake of the user's: command line, run file, a file that they named.</summary>
    public const int UserMistake = 2;

    /// <summary>Interrupted, as shells count it: 128 + SIGINT.</summary>
    public const int Interrupted = 130;
}
