using Newtonsoft.Json;

namespace DeltaTune.Host.Runs;

/// <summary>One row of a comparison: a variant over its seeds.</summary>
internal sealed record ComparisonRow
{
    /// <summary>Gets the variant's name.</summary>
    [JsonProperty("variant")]
    public required string Variant { get; init; }

    /// <summary>Gets the names that the variant's is made of where variants are crossed, the variant's own last; null elsewhere.</summary>
    [JsonProperty("names", NullValueHandling = NullValueHandling.Ignore)]
    public IReadOnlyList<string>? Names { get; init; }

    /// <summary>Gets the row's place in a chart over a number; null without one.</summary>
    [JsonProperty("chart", NullValueHandling = NullValueHandling.Ignore)]
    public ChartPlace? Chart { get; init; }

    /// <summary>Gets the metric's name.</summary>
    [JsonProperty("metric")]
    public required string Metric { get; init; }

    /// <summary>Gets the mean of the scores on the test split, of the validation split where there is no test split; null where nothing was scored.</summary>
    [JsonProperty("score")]
    public double? Score { get; init; }

    /// <summary>Gets the scores' standard deviation (n - 1 below the line); null with fewer than two.</summary>
    [JsonProperty("spread")]
    public double? Spread { get; init; }

    /// <summary>Gets each seed's score.</summary>
    [JsonProperty("scores")]
    public required IReadOnlyList<double?> Scores { get; init; }

    /// <summary>Gets the seeds, in the order of the scores.</summary>
    [JsonProperty("seeds")]
    public required IReadOnlyList<long> Seeds { get; init; }

    /// <summary>Gets how many numbers were trained.</summary>
    [JsonProperty("trainable_parameters")]
    public required long TrainableParameters { get; init; }

    /// <summary>Gets the mean time of training, in seconds.</summary>
    [JsonProperty("seconds")]
    public required double Seconds { get; init; }

    /// <summary>Gets how the variant differs from the reference; null for the reference itself, and where there is none.</summary>
    [JsonProperty("test", NullValueHandling = NullValueHandling.Ignore)]
    public ComparisonTest? Test { get; init; }

    /// <summary>Makes the row of a variant.</summary>
    /// <param name="variant">Its name.</param>
    /// <param name="runs">One or more.</param>
    /// <returns>The row.</returns>
    public static ComparisonRow Of(string variant, IReadOnlyList<RunMetrics> runs)
    {
        double?[] scores = [.. runs.Select(r => r.Score ?? r.DevScore)];
        double[] known = [.. scores.OfType<double>()];
        double mean = known.Length == 0 ? double.NaN : known.Distinct().Count() == 1 ? known[0] : known.Average(); // of equal numbers, without rounding
        return new ComparisonRow
        {
            Variant = variant,
            Metric = runs[0].Metric,
            Score = known.Length == 0 ? null : mean,
            Spread = known.Length < 2 ? null : Math.Sqrt(known.Sum(s => (s - mean) * (s - mean)) / (known.Length - 1)),
            Scores = scores,
            Seeds = [.. runs.Select(r => r.Seed)],
            TrainableParameters = runs[0].TrainableParameters,
            Seconds = Math.Round(runs.Average(r => r.Seconds), 3),
        };
    }
}
