using System.Text.RegularExpressions;

namespace DeltaTune.Backbones.Checkpoints;

/// <summary>Turns what the readers of files throw into the user's mistake: their sentences name the file already.</summary>
internal static partial class BrokenFile
{
    /// <summary>Reads something.</summary>
    /// <param name="path">What was asked for, where a message does not name a file.</param>
    /// <param name="read">Reads it.</param>
    /// <exception cref="InvalidRunException">A file is missing, cannot be opened, is damaged or asks for what is refused.</exception>
    public static T Guard<T>(string path, Func<T> read)
    {
        try
        {
            return read();
        }
        catch (Exception cause) when (cause is InvalidDataException or IOException or UnauthorizedAccessException)
        {
            Match named = NamedFile().Match(cause.Message);
            (string place, string problem) = named.Success ? (named.Groups[1].Value, named.Groups[2].Value) : ($"'{path}'", "cannot be read: " + cause.Message);
            throw new InvalidRunException(place, problem.TrimEnd('.'), cause);
        }
    }

    // 'file' is cut short; 'file': tensor 'a' ...
    [GeneratedRegex(@"^('[^']+':?) (.+)$", RegexOptions.Singleline)]
    private static partial Regex NamedFile();
}
