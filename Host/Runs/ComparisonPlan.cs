using DeltaTune.Host.Options;
using Newtonsoft.Json.Linq;

namespace DeltaTune.Host.Runs;

/// <summary>The rows that a comparison will have: its variants, crossed with what the run file crosses them with.</summary>
/// <param name="Rows">One or more, with different names.</param>
internal sealed record ComparisonPlan(IReadOnlyList<PlannedRow> Rows)
{
    /// <summary>Plans the rows of a run file.</summary>
    /// <param name="baseline">The run file without any variant's settings.</param>
    /// <param name="deltas">Names of deltas in place of the run file's variants, with commas between; null takes the variants.</param>
    /// <returns>The plan: the last entry that is crossed changes fastest, the variants within it.</returns>
    /// <exception cref="InvalidRunException">No delta is named, or two rows would have one name.</exception>
    public static ComparisonPlan Of(RunSpec baseline, string? deltas)
    {
        IEnumerable<PlannedRow> rows = [new([], [])];
        foreach (IReadOnlyDictionary<string, JObject> entry in baseline.Compare.CrossedWith)
        {
            rows = Cross(rows, entry.Select(e => (e.Key, e.Value)));
        }

        (string, JObject)[] variants = [.. Variants(baseline, deltas)];
        PlannedRow[] all = [.. variants.Length == 0 ? rows : Cross(rows, variants)];
        return all.GroupBy(r => r.Name).FirstOrDefault(g => g.Count() > 1) is { } twice
            ? throw new InvalidRunException("compare.crossed_with", $"must give each row a name of its own, but '{twice.Key}' names {twice.Count()} rows")
            : new ComparisonPlan(all);
    }

    /// <summary>Keeps the rows that are asked for.</summary>
    /// <param name="names">Names of rows, of variants or of what they are crossed with, with commas between; null keeps all.
    /// Of names that stand at the same place in a row, one is enough; of each place that is named, one is needed.</param>
    /// <returns>A plan with those rows.</returns>
    /// <exception cref="InvalidRunException">A name is none of the comparison's, or none is given.</exception>
    public ComparisonPlan Only(string? names)
    {
        if (names is null)
        {
            return this;
        }

        string[] asked = names.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        string[] known = [.. Rows.SelectMany(r => r.Names).Concat(Rows.Select(r => r.Name)).Distinct()];
        if (asked.FirstOrDefault(a => !known.Contains(a)) is { } wrong)
        {
            throw new InvalidRunException("--only", $"must name rows, or what their names are made of, but has '{wrong}'; {NearestNames.Hint(wrong, known)}");
        }

        HashSet<string>[] places = [.. Enumerable.Range(0, Rows[0].Names.Count).Select(i => Rows.Select(r => r.Names[i]).Where(asked.Contains).ToHashSet())];
        PlannedRow[] kept = [.. Rows.Where(r => asked.Contains(r.Name) || (places.Any(p => p.Count > 0) && r.Names.Select((n, i) => places[i].Count == 0 || places[i].Contains(n)).All(fits => fits)))];
        return kept.Length > 0 ? new ComparisonPlan(kept) : throw new InvalidRunException("--only", "must name one or more rows, such as lora,adapter, but names none");
    }

    /// <summary>Tells what each row is tested against.</summary>
    /// <param name="asked">A row's name, or a variant's; null tests nothing.</param>
    /// <param name="place">Where it was asked for, for the message.</param>
    /// <returns>By a row's name, that of its reference; the references have none.</returns>
    /// <exception cref="InvalidRunException">There is no row of that name, and not one for each that it is crossed with.</exception>
    public IReadOnlyDictionary<string, string> References(string? asked, string place)
    {
        if (asked is null)
        {
            return new Dictionary<string, string>();
        }

        string[] names = [.. Rows.Select(r => r.Name)];
        bool isRow = names.Contains(asked);
        if (!isRow && Rows.FirstOrDefault(r => !names.Contains(r.Beside(asked))) is not null)
        {
            throw new InvalidRunException(place, $"must be a variant, but is '{asked}'; {NearestNames.Hint(asked, Rows.Select(r => r.Names[^1]).Concat(names).Distinct())}");
        }

        return Rows.Select(r => (r.Name, Reference: isRow ? asked : r.Beside(asked))).Where(r => r.Name != r.Reference).ToDictionary(r => r.Name, r => r.Reference);
    }

    private static IEnumerable<PlannedRow> Cross(IEnumerable<PlannedRow> rows, IEnumerable<(string Name, JObject Settings)> with)
        => rows.SelectMany(r => with.Select(w => new PlannedRow([.. r.Names, w.Name], [.. r.Settings, w.Settings])));

    private static IEnumerable<(string Name, JObject Settings)> Variants(RunSpec baseline, string? deltas)
    {
        if (deltas is not null)
        {
            string[] names = deltas.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
            return names.Length > 0
                ? names.Distinct(StringComparer.Ordinal).Select(name => (name, new JObject { ["deltas"] = new JArray(new JObject { ["type"] = name }) }))
                : throw new InvalidRunException("--deltas", "must name deltas with commas between, such as lora,adapter, but names none");
        }

        return baseline.Compare is { Variants.Count: 0, CrossedWith.Count: 0 }
            ? [("zero-shot", new JObject { ["deltas"] = new JArray() }), (baseline.Name, new JObject())]
            : baseline.Compare.Variants.Select(v => (v.Key, v.Value));
    }
}
