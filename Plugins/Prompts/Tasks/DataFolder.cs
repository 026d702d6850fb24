namespace DeltaTune.Prompts.Tasks;

/// <summary>Finds what ships with DeltaTune: a folder under <c>data/</c> beside the program or above it.</summary>
internal static class DataFolder
{
    /// <summary>Finds <c>data/{name}</c>, going up from the program's folder and then from the current one.</summary>
    /// <exception cref="InvalidRunException">There is none.</exception>
    public static string Find(string name)
    {
        foreach (string start in (string[])[AppContext.BaseDirectory, Directory.GetCurrentDirectory()])
        {
            for (DirectoryInfo? folder = new(start); folder is not null; folder = folder.Parent)
            {
                string candidate = Path.Combine(folder.FullName, "data", name);
                if (Directory.Exists(candidate)) { return candidate; }
            }
        }

        throw new InvalidRunException($"data/{name}", $"must be in or above the program's folder '{AppContext.BaseDirectory}' or the "
            + "current one, but is in neither; give the folder by the task's option 'data'");
    }
}
