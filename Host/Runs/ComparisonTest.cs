using Newtonsoft.Json;

namespace DeltaTune.Host.Runs;

/// <summary>How a variant of a comparison differs from the reference, and whether chance explains it.</summary>
internal sealed record ComparisonTest
{
    // What the columns say, for whoever reads the table alone.
    private const string Note =
        "Paired tests, two-sided, p values corrected for the number of variants (Holm 1979). p (seeds): Student's t test; a pair is both variants' scores with one seed, that is with the same few-shot sample; none where every pair differs by the same. "
        + "p (examples): bootstrap over the test examples; a pair is how often both variants get one example right over the seeds.";

    /// <summary>Says which rows the differences are from, and what the columns mean.</summary>
    /// <param name="rows">Of a comparison.</param>
    /// <returns>Null where nothing was tested.</returns>
    public static string? Explain(IReadOnlyList<ComparisonRow> rows)
    {
        string[] references = [.. rows.Select(r => r.Test?.Reference).OfType<string>().Distinct()];
        return references.Length == 0 ? null : $"Differences are from {string.Join(", ", references.Select(r => $"'{r}'"))}{(references.Length > 1 ? ", each row's own" : "")}. {Note}";
    }

    /// <summary>Gets the reference's name.</summary>
    [JsonProperty("reference")]
    public required string Reference { get; init; }

    /// <summary>Gets the mean difference over the seeds that both have, the variant's score minus the reference's; null where there is no such seed.</summary>
    [JsonProperty("difference")]
    public double? Difference { get; init; }

    /// <summary>Gets how many seeds both have: the pairs of the t test.</summary>
    [JsonProperty("seeds")]
    public required int Seeds { get; init; }

    /// <summary>Gets t; null with fewer than two seeds, and where every pair differs by the same.</summary>
    [JsonProperty("t")]
    public double? T { get; init; }

    /// <summary>Gets the p value of the t test.</summary>
    [JsonProperty("p_seeds")]
    public double? PSeeds { get; init; }

    /// <summary>Gets the same, corrected for the number of variants.</summary>
    [JsonProperty("p_seeds_holm")]
    public double? PSeedsHolm { get; init; }

    /// <summary>Gets how many test examples are paired; 0 where predictions are not kept or the metric is not accuracy.</summary>
    [JsonProperty("examples")]
    public required int Examples { get; init; }

    /// <summary>Gets the 95 % bootstrap interval of the difference over the test examples: the lower end.</summary>
    [JsonProperty("low")]
    public double? Low { get; init; }

    /// <summary>Gets the upper end.</summary>
    [JsonProperty("high")]
    public double? High { get; init; }

    /// <summary>Gets the p value of the bootstrap.</summary>
    [JsonProperty("p_examples")]
    public double? PExamples { get; init; }

    /// <summary>Gets the same, corrected for the number of variants.</summary>
    [JsonProperty("p_examples_holm")]
    public double? PExamplesHolm { get; init; }
}
