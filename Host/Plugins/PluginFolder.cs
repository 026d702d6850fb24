namespace DeltaTune.Host.Plugins;

/// <summary>A folder that should hold a plugin, before anything in it was opened.</summary>
/// <param name="Name">The folder's name, which is also its main assembly's.</param>
/// <param name="Path">Absolute, without a slash at the end.</param>
internal sealed record PluginFolder(string Name, string Path)
{
    /// <summary>Gets the main assembly's path: the assembly named as the folder, or the only one there is.</summary>
    /// <exception cref="PluginLoadException">There is no such file.</exception>
    public string FindMainAssembly()
    {
        string named = System.IO.Path.Combine(Path, Name + ".dll");
        if (File.Exists(named))
        {
            return named;
        }

        string[] all = Directory.GetFiles(Path, "*.dll");
        return all.Length == 1 ? all[0] : throw new PluginLoadException(
            Name, $"has no main assembly: '{named}' is not there, and the folder holds {(all.Length == 0 ? "no other assembly" : $"{all.Length} others")}; name the folder as its assembly");
    }

    /// <summary>Lists plugin folders, by name, each place once.</summary>
    /// <param name="roots">Folders of plugin folders; one that holds assemblies itself is taken as a plugin folder.</param>
    /// <returns>In the order of the roots, then by name.</returns>
    public static IReadOnlyList<PluginFolder> Discover(IEnumerable<string> roots)
    {
        var found = new List<PluginFolder>();
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (string root in roots)
        {
            string place = System.IO.Path.TrimEndingDirectorySeparator(System.IO.Path.GetFullPath(root));
            string[] folders = Directory.EnumerateFiles(place, "*.dll").Any() ? [place] : Directory.GetDirectories(place);
            Array.Sort(folders, StringComparer.Ordinal);
            found.AddRange(folders.Where(seen.Add).Select(f => new PluginFolder(System.IO.Path.GetFileName(f), f)));
        }

        return found;
    }
}
