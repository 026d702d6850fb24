namespace DeltaTune.Adapters.Formats;

/// <summary>Writes chosen modules down as PEFT's <c>target_modules</c>: ends of names, on a dot, that hit just them.</summary>
internal static class ModuleTargets
{
    /// <summary>The shortest ends that hit chosen modules and no other.</summary>
    /// <param name="chosen">Module paths.</param>
    /// <param name="all">Every module path that PEFT could take instead, the chosen ones among them.</param>
    /// <returns>Each end once, in the order of the chosen.</returns>
    public static IReadOnlyList<string> For(IReadOnlyCollection<string> chosen, IReadOnlyCollection<string> all)
    {
        var wanted = chosen.ToHashSet(StringComparer.Ordinal);
        string[] others = [.. all.Where(path => !wanted.Contains(path)).Distinct(StringComparer.Ordinal)];
        var ends = new List<string>();
        foreach (string path in chosen.Where(path => !ends.Any(end => EndsWith(path, end))))
        {
            string[] parts = path.Split('.');
            string[] choices = [.. Enumerable.Range(1, parts.Length).Select(n => string.Join('.', parts[^n..]))];
            ends.Add(choices.First(end => end == path || !others.Any(other => EndsWith(other, end))));
        }

        return ends;
    }

    /// <summary>PEFT's rule for an entry of a list.</summary>
    public static bool EndsWith(string path, string end) => path == end || path.EndsWith("." + end, StringComparison.Ordinal);
}
