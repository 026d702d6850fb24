namespace DeltaTune.Host.Options;

/// <summary>Finds what a misspelt name may have meant.</summary>
internal static class NearestNames
{
    /// <summary>Ends a sentence about a name that there is not.</summary>
    /// <param name="name">What was written.</param>
    /// <param name="known">What there is.</param>
    /// <returns><c>nearest: 'rank'</c>, or all names where none is near.</returns>
    public static string Hint(string name, IEnumerable<string> known)
    {
        string[] all = [.. known];
        string[] near = [.. Find(name, all)];
        return near.Length > 0 ? $"nearest: {Quote(near)}"
            : all.Length > 0 ? $"there are: {Quote(all)}"
            : "there are none";
    }

    /// <summary>Lists names within a third of the length in edits, nearest first, three at most.</summary>
    public static IEnumerable<string> Find(string name, IEnumerable<string> known)
        => known.Select(k => (Name: k, Edits: Edits(name.ToLowerInvariant(), k.ToLowerInvariant())))
            .Where(k => k.Edits <= Math.Max(1, Math.Max(name.Length, k.Name.Length) / 3))
            .OrderBy(k => k.Edits).ThenBy(k => k.Name, StringComparer.Ordinal)
            .Take(3).Select(k => k.Name);

    private static string Quote(IEnumerable<string> names) => string.Join(", ", names.Select(n => $"'{n}'"));

    // Optimal string alignment: insertions, deletions, substitutions and swaps of neighbours, over three rows of the table.
    private static int Edits(string a, string b)
    {
        int[] older = new int[b.Length + 1];
        int[] above = [.. Enumerable.Range(0, b.Length + 1)];
        for (int i = 1; i <= a.Length; i++)
        {
            int[] row = new int[b.Length + 1];
            row[0] = i;
            for (int j = 1; j <= b.Length; j++)
            {
                int cost = a[i - 1] == b[j - 1] ? 0 : 1;
                row[j] = Math.Min(Math.Min(above[j] + 1, row[j - 1] + 1), above[j - 1] + cost);
                if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                {
                    row[j] = Math.Min(row[j], older[j - 2] + 1);
                }
            }

            (older, above) = (above, row);
        }

        return above[b.Length];
    }
}
