namespace DeltaTune.Host;

/// <summary>Finds the folder that models, data and samples are beside.</summary>
internal static class ApplicationRoot
{
    /// <summary>Gets the folder: what the launcher says in DELTATUNE_HOME, else the nearest folder above the program with <c>models/</c> or the solution, else the program's.</summary>
    public static string Find()
    {
        if (Environment.GetEnvironmentVariable("DELTATUNE_HOME") is { Length: > 0 } told && Directory.Exists(told))
        {
            return Path.GetFullPath(told);
        }

        for (DirectoryInfo? folder = new(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (Directory.Exists(Path.Combine(folder.FullName, "models")) || File.Exists(Path.Combine(folder.FullName, "DeltaTune.slnx")))
            {
                return folder.FullName;
            }
        }

        return AppContext.BaseDirectory;
    }
}
