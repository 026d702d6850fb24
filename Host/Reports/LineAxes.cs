namespace DeltaTune.Host.Reports;

/// <summary>The axes that all panels of a line chart share.</summary>
internal sealed class LineAxes
{
    private readonly double _low, _high, _first, _last;
    private readonly bool _byLogarithm;

    /// <param name="points">One or more.</param>
    /// <param name="logarithmic">The ratio of the largest to the smallest number from which on logarithms are taken.</param>
    public LineAxes(IReadOnlyList<LinePoint> points, double logarithmic)
    {
        (_low, _high, double step) = ChartMarks.Axis(points.Min(p => p.Y - p.Spread), points.Max(p => p.Y + p.Spread));
        Ys = [.. Enumerable.Range(0, (int)Math.Round((_high - _low) / step) + 1).Select(i => _low + (i * step))];
        Xs = [.. points.Select(p => p.X).Distinct().Order()];
        _byLogarithm = Xs[0] > 0 && Xs[^1] >= logarithmic * Xs[0];
        (_first, _last) = (Scaled(Xs[0]), Scaled(Xs[^1]));
    }

    /// <summary>Gets the numbers that have a line across.</summary>
    public IReadOnlyList<double> Ys { get; }

    /// <summary>Gets the numbers that stand below: those that points have.</summary>
    public IReadOnlyList<double> Xs { get; }

    /// <summary>Gives a point's place from left, 0, to right, 1.</summary>
    public double Along(double x) => _last > _first ? (Scaled(x) - _first) / (_last - _first) : 0.5;

    /// <summary>Gives a point's place from below, 0, to above, 1.</summary>
    public double Up(double y) => (y - _low) / (_high - _low);

    private double Scaled(double x) => _byLogarithm ? Math.Log10(x) : x;
}
