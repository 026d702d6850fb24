namespace DeltaTune.Golden;

/// <summary>Where cases are: <c>tests/golden</c>, <c>../shared/golden</c> beside the repository, and the folders in <c>DELTATUNE_GOLDEN</c>.</summary>
internal static class GoldenFolders
{
    /// <summary>The folders that exist, in the order in which they are searched.</summary>
    public static IReadOnlyList<string> Roots { get; } = [.. Candidates().Where(Directory.Exists).Distinct()];

    /// <summary>Every case: a folder with a golden.json. Of two with one name, the first found counts.</summary>
    public static IEnumerable<string> Cases()
        => Roots
            .SelectMany(root => Directory.EnumerateDirectories(root).Order(StringComparer.Ordinal))
            .Where(folder => File.Exists(Path.Combine(folder, "golden.json")))
            .DistinctBy(Path.GetFileName);

    /// <summary>The folder of a base model or a tokenizer, by the name that a case calls it.</summary>
    public static string Find(string name)
        => Roots.Select(root => Path.Combine(root, name)).FirstOrDefault(Directory.Exists)
            ?? throw new DirectoryNotFoundException($"no golden folder has '{name}'; searched: {string.Join(", ", Roots)}");

    private static IEnumerable<string> Candidates()
    {
        string? repository = Repository();
        if (repository is not null)
        {
            yield return Path.Combine(repository, "tests", "golden");
            yield return Path.GetFullPath(Path.Combine(repository, "..", "shared", "golden"));
        }

        foreach (string folder in (Environment.GetEnvironmentVariable("DELTATUNE_GOLDEN") ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries))
        {
            yield return Path.GetFullPath(folder);
        }
    }

    private static string? Repository()
    {
        for (DirectoryInfo? folder = new(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "Directory.Packages.props")))
            {
                return folder.FullName;
            }
        }

        return null;
    }
}
