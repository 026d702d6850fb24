namespace DeltaTune.Prompts;

/// <summary>Finds the name that was probably meant.</summary>
internal static class NearestName
{
    /// <summary>Finds the name with the fewest edits, where they are at most a third of its letters, or two.</summary>
    /// <param name="name">What was written.</param>
    /// <param name="candidates">What there is.</param>
    /// <returns>The nearest, or null where none is near.</returns>
    public static string? Find(string name, IEnumerable<string> candidates)
    {
        string? best = null;
        int fewest = int.MaxValue;
        foreach (string candidate in candidates)
        {
            int edits = Edits(name, candidate);
            if (edits < fewest && edits <= Math.Max(2, candidate.Length / 3)) { (best, fewest) = (candidate, edits); }
        }

        return best;
    }

    // Levenshtein's distance, a row at a time; both names are cut to 64 characters, since a name is never longer.
    private static int Edits(string from, string to)
    {
        ReadOnlySpan<char> a = from.AsSpan(0, Math.Min(64, from.Length)), b = to.AsSpan(0, Math.Min(64, to.Length));
        Span<int> row = stackalloc int[b.Length + 1];
        for (int j = 0; j <= b.Length; j++) { row[j] = j; }
        for (int i = 1; i <= a.Length; i++)
        {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= b.Length; j++)
            {
                int change = diagonal + (a[i - 1] == b[j - 1] ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.Min(change, Math.Min(row[j], row[j - 1]) + 1);
            }
        }

        return row[b.Length];
    }
}
