using DeltaTune.Tasks;

namespace DeltaTune.Host.Runs;

/// <summary>Tests rows of a comparison against others of them.</summary>
/// <remarks>
/// Two sources of chance have a test each. Which few-shot sample and which start were drawn: the t test over seeds, whose samples are all but disjoint where the pool is large. Which test
/// examples were drawn: the bootstrap over examples. McNemar's test would fit one run of each variant: it takes one answer an example, and pooling the seeds' answers would count an example
/// once a seed, as if it were drawn anew. On these tests: Dror et al. 2018, "The Hitchhiker's Guide to Testing Statistical Significance in Natural Language Processing", ACL, §3.
/// </remarks>
internal static class ComparisonTests
{
    /// <summary>Adds the tests to the rows that have a reference.</summary>
    /// <param name="rows">The rows.</param>
    /// <param name="references">By a row's name, that of the row it is tested against.</param>
    /// <param name="folders">Each row's run folders, in the order of its seeds.</param>
    /// <returns>The rows in the same order.</returns>
    public static ComparisonRow[] Add(IReadOnlyList<ComparisonRow> rows, IReadOnlyDictionary<string, string> references, IReadOnlyDictionary<string, IReadOnlyList<string>> folders)
    {
        var standards = references.Values.Distinct().ToDictionary(name => name, name => rows.First(r => r.Variant == name));
        var right = standards.ToDictionary(s => s.Key, s => Rights(s.Value, folders[s.Key]));
        ComparisonTest?[] tests =
            [.. rows.Select(r => references.TryGetValue(r.Variant, out string? name) ? Test(r, standards[name], Rights(r, folders[r.Variant]), right[name]) : null)];
        double?[] seeds = PairedTests.Holm([.. tests.Select(t => t?.PSeeds)]), examples = PairedTests.Holm([.. tests.Select(t => t?.PExamples)]);
        return [.. rows.Select((r, i) => tests[i] is { } test ? r with { Test = test with { PSeedsHolm = seeds[i], PExamplesHolm = examples[i] } } : r)];
    }

    private static ComparisonTest Test(ComparisonRow row, ComparisonRow standard, Dictionary<long, Dictionary<string, bool>> right, Dictionary<long, Dictionary<string, bool>> standardRight)
    {
        double[] differences = [.. row.Seeds.Select((seed, i) => row.Scores[i] - Score(standard, seed)).OfType<double>()];
        (double T, double P)? t = PairedTests.StudentT(differences);
        double[] byExample = ByExample(right, standardRight);
        (double P, double Low, double High)? bootstrap = PairedTests.Bootstrap(byExample, seed: 1);
        return new ComparisonTest
        {
            Reference = standard.Variant,
            Difference = differences.Length == 0 ? null : differences.Average(),
            Seeds = differences.Length,
            T = t?.T,
            PSeeds = t?.P,
            Examples = byExample.Length,
            Low = bootstrap?.Low,
            High = bootstrap?.High,
            PExamples = bootstrap?.P,
        };
    }

    private static double? Score(ComparisonRow row, long seed)
    {
        int at = row.Seeds.ToList().IndexOf(seed);
        return at < 0 ? null : row.Scores[at];
    }

    // Which test examples each seed's run got right. An example of several seeds is one example: the test set is drawn once, whatever was trained.
    private static Dictionary<long, Dictionary<string, bool>> Rights(ComparisonRow row, IReadOnlyList<string> folders)
        => row.Metric != MetricNames.Accuracy ? []
            : row.Seeds.Zip(folders, (seed, folder) => (seed, Right: PredictionFile.Read(folder, Split.Test).ToDictionary(p => p.Id, p => p.IsRight)))
                .Where(s => s.Right.Count > 0).ToDictionary(s => s.seed, s => s.Right);

    private static double[] ByExample(Dictionary<long, Dictionary<string, bool>> a, Dictionary<long, Dictionary<string, bool>> b)
    {
        long[] seeds = [.. a.Keys.Where(b.ContainsKey)];
        return seeds.Length == 0 ? []
            : [.. a[seeds[0]].Keys.Where(id => seeds.All(s => a[s].ContainsKey(id) && b[s].ContainsKey(id)))
                .Select(id => seeds.Average(s => (a[s][id] ? 1.0 : 0.0) - (b[s][id] ? 1.0 : 0.0)))];
    }
}
