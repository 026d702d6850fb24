namespace DeltaTune.Tools.WordNet;

/// <summary>The rows of the supersense tables.</summary>
internal static class SupersenseTable
{
    private const int FirstCategory = 4; // 3 is noun.Tops, the unique beginners, which is no class of its own

    private static readonly string[] Names =
    [
        "act", "animal", "artifact", "attribute", "body", "cognition", "communication", "event", "feeling", "food", "group",
        "location", "motive", "object", "person", "phenomenon", "plant", "possession", "process", "quantity", "relation",
        "shape", "state", "substance", "time",
    ];

    /// <summary>class, lemma and definition, separated by tabs.</summary>
    public static string Line(Synset synset) => $"{Names[synset.Category - FirstCategory]}\t{synset.Lemmas[0]}\t{synset.Definition}";

    /// <summary>
    /// Chooses the given number of rows. A class gets a share in proportion to the square root of its size, never more than it
    /// has; within a class, and for the order of the rows, the stable hash of the row decides.
    /// </summary>
    public static List<Synset> Choose(IReadOnlyList<Synset> synsets, int rows)
    {
        List<(Synset Synset, ulong Hash)>[] classes = [.. synsets
            .Where(s => s.Category >= FirstCategory && s.Definition.Length > 0)
            .DistinctBy(Line)
            .Select(s => (Synset: s, Hash: StableHash.Of(Line(s))))
            .GroupBy(s => s.Synset.Category).OrderBy(g => g.Key)
            .Select(g => g.OrderBy(s => s.Hash).ToList())];
        int[] quota = Quota([.. classes.Select(c => c.Count)], rows);
        return [.. classes.SelectMany((c, i) => c.Take(quota[i])).OrderBy(s => s.Hash).Select(s => s.Synset)];
    }

    // Finds the factor f with sum(min(size, floor(f sqrt(size)))) as near below `rows` as it gets, by halving; the few rows that
    // rounding leaves go to the largest classes, one each.
    private static int[] Quota(int[] sizes, int rows)
    {
        if (sizes.Sum() <= rows) { return sizes; }
        double low = 0, high = rows;
        int[] At(double f) => [.. sizes.Select(n => Math.Min(n, (int)(f * Math.Sqrt(n))))];
        for (int i = 0; i < 100; i++)
        {
            double middle = (low + high) / 2;
            if (At(middle).Sum() <= rows) { low = middle; } else { high = middle; }
        }

        int[] quota = At(low);
        int[] roomy = [.. Enumerable.Range(0, sizes.Length).Where(i => quota[i] < sizes[i]).OrderByDescending(i => sizes[i])];
        foreach (int i in roomy.Take(rows - quota.Sum())) { quota[i]++; }

        return quota;
    }
}
