namespace DeltaTune.Sites;

/// <summary>Which addresses the writer of a selector that selects nothing may have meant.</summary>
internal static class NearestPaths
{
    private const int MostShown = 4;

    /// <summary>The ends of paths, of either kind, that are least unlike the pattern; all that are equally near, up to a handful.</summary>
    public static IReadOnlyList<string> For(SelectorPattern pattern, IEnumerable<Site> candidates)
    {
        Site[] sites = [.. candidates];
        var found = new List<string>();
        IEnumerable<IReadOnlyList<SelectorSegment>> alternatives = pattern.Expression is null
            ? pattern.Alternatives
            : [[.. pattern.Text.TrimStart('!')[3..].Replace("\\", "", StringComparison.Ordinal).Split('.').Select(SelectorSegment.Glob)]];
        foreach (IReadOnlyList<SelectorSegment> alternative in alternatives)
        {
            string[] ends = [.. sites.SelectMany(s => Ends(s.Path, alternative.Count).Concat(Ends(s.CheckpointPath, alternative.Count))).Distinct(StringComparer.Ordinal)];
            double[] distances = [.. ends.Select(e => Distance(alternative, e.Split('.')))];
            if (ends.Length > 0)
            {
                double best = distances.Min();
                found.AddRange(ends.Where((_, i) => distances[i] == best).Take(pattern.Alternatives.Count > 1 ? 1 : 3));
            }
        }

        return [.. found.Distinct(StringComparer.Ordinal).Take(MostShown)];
    }

    private static IEnumerable<string> Ends(string path, int segments)
    {
        string[] parts = path.Split('.');
        for (int length = Math.Max(1, segments - 1); length <= Math.Min(parts.Length, segments + 1); length++)
        {
            yield return string.Join('.', parts[^length..]);
        }
    }

    /// <summary>The least cost of turning the pattern into the path, segment by segment; a segment left out or put in costs its letters and its dot.</summary>
    private static double Distance(IReadOnlyList<SelectorSegment> pattern, string[] path)
    {
        double[] row = new double[path.Length + 1];
        for (int j = 1; j <= path.Length; j++)
        {
            row[j] = row[j - 1] + path[j - 1].Length + 1;
        }

        foreach (SelectorSegment segment in pattern)
        {
            double diagonal = row[0];
            row[0] += segment.Text.Length + 1;
            for (int j = 1; j <= path.Length; j++)
            {
                double changed = diagonal + segment.DistanceTo(path[j - 1]);
                double removed = row[j] + segment.Text.Length + 1;
                double added = row[j - 1] + (segment.IsAnyDepth ? 0 : path[j - 1].Length + 1);
                diagonal = row[j];
                row[j] = Math.Min(changed, Math.Min(removed, added));
            }
        }

        return row[path.Length];
    }
}
