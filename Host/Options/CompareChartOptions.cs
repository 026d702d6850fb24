using System.ComponentModel.DataAnnotations;

namespace DeltaTune.Host.Options;

/// <summary>A chart of how the score of variants changes with a number.</summary>
public sealed record CompareChartOptions
{
    /// <summary>Gets the path in the run file of the number that the chart goes along.</summary>
    /// <value>For example <c>task.train</c>, which one entry of <c>crossed_with</c> sets. There is no default.</value>
    [Required, MinLength(1)]
    public string X { get; init; } = "";
}
