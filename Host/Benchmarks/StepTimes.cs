using Newtonsoft.Json.Linq;

namespace DeltaTune.Host.Benchmarks;

/// <summary>Times of one part of a step, over several steps.</summary>
/// <param name="Milliseconds">One a step.</param>
internal sealed record StepTimes(IReadOnlyList<double> Milliseconds)
{
    /// <summary>Gets the median.</summary>
    public double Median => Quantile(0.5);

    /// <summary>Gets a quantile, between neighbours along a line.</summary>
    /// <param name="part">From 0 to 1.</param>
    /// <returns>Milliseconds.</returns>
    public double Quantile(double part)
    {
        double[] sorted = [.. Milliseconds.Order()];
        double at = part * (sorted.Length - 1);
        int below = (int)at;
        return below + 1 >= sorted.Length ? sorted[^1] : sorted[below] + ((at - below) * (sorted[below + 1] - sorted[below]));
    }

    /// <summary>Gives median and quartiles, in milliseconds.</summary>
    public JObject ToJson() => new() { ["median"] = Math.Round(Median, 3), ["q1"] = Math.Round(Quantile(0.25), 3), ["q3"] = Math.Round(Quantile(0.75), 3) };
}
