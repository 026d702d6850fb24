using System.Globalization;
using System.Xml.Linq;
using static DeltaTune.Host.Reports.ChartMarks;

namespace DeltaTune.Host.Reports;

/// <summary>Draws points with bars over a logarithmic axis, as SVG.</summary>
/// <remarks>Points at 0 have a place of their own at the left. Labels stand right of their points, moved apart where they would cover each other.</remarks>
internal static class ScatterChart
{
    private const double Width = 900, Height = 520, Left = 70, Right = 190, Top = 30, Bottom = 60;
    private const double LabelHeight = 15; // of a line of 12 pixels

    /// <summary>Draws.</summary>
    /// <param name="points">One or more.</param>
    /// <param name="xTitle">What the horizontal axis counts.</param>
    /// <param name="yTitle">What the vertical axis measures.</param>
    /// <returns>The <c>svg</c> element.</returns>
    public static XElement Draw(IReadOnlyList<ChartPoint> points, string xTitle, string yTitle)
    {
        (double low, double high, double step) = Axis(points.Min(p => p.Y - p.Spread), points.Max(p => p.Y + p.Spread));
        double[] counts = [.. points.Where(p => p.X > 0).Select(p => Math.Log10(p.X))];
        bool zero = points.Any(p => p.X <= 0);
        double first = counts.Length == 0 ? 0 : Math.Floor(counts.Min()), last = counts.Length == 0 ? 1 : Math.Max(first + 1, Math.Ceiling(counts.Max()));
        double start = Left + (zero ? 70 : 0);
        XElement chart = Canvas(Width, Height, $"{yTitle} against {xTitle}");
        for (int i = 0; i <= (int)Math.Round((high - low) / step); i++)
        {
            double y = low + (i * step);
            chart.Add(Line(Left, Y(y), Width - Right, Y(y), "#ddd"), Label(Left - 8, Y(y) + 4, y.ToString("0.###", CultureInfo.InvariantCulture), "end"));
        }

        for (double decade = first; decade <= last; decade++)
        {
            chart.Add(Line(X(decade), Top, X(decade), Height - Bottom, "#ddd"), Label(X(decade), Height - Bottom + 20, Count(Math.Pow(10, decade)), "middle"));
        }

        if (zero)
        {
            chart.Add(Line(Left + 30, Top, Left + 30, Height - Bottom, "#ddd"), Label(Left + 30, Height - Bottom + 20, "0", "middle"));
        }

        chart.Add(
            Line(Left, Height - Bottom, Width - Right, Height - Bottom, "#444"), Line(Left, Top, Left, Height - Bottom, "#444"),
            Label((Left + Width - Right) / 2, Height - 15, xTitle, "middle"), Label(Left, Top - 12, yTitle, "start"));
        (ChartPoint Point, double X, double Y)[] placed = [.. points.Select(p => (p, p.X > 0 ? X(Math.Log10(p.X)) : Left + 30, Y(p.Y)))];
        double[] heights = Apart(placed);
        for (int i = 0; i < placed.Length; i++)
        {
            (ChartPoint point, double x, double y) = placed[i];
            if (point.Spread > 0)
            {
                chart.Add(Line(x, Y(point.Y - point.Spread), x, Y(point.Y + point.Spread), "#1f77b4"));
            }

            chart.Add(Circle(x, y, 4, "#1f77b4"));
            if (Math.Abs(heights[i] - y) > 2)
            {
                chart.Add(Line(x + 4, y, x + 10, heights[i], "#aaa"));
            }

            chart.Add(Label(x + 12, heights[i] + 4, point.Label, "start"));
        }

        return chart;

        double X(double exponent) => start + ((exponent - first) / (last - first) * (Width - Right - start));

        double Y(double value) => Height - Bottom - ((value - low) / (high - low) * (Height - Top - Bottom));
    }

    // From the top down, a label goes below those that it would cover.
    private static double[] Apart((ChartPoint Point, double X, double Y)[] placed)
    {
        double[] heights = new double[placed.Length];
        List<int> done = [];
        foreach (int i in Enumerable.Range(0, placed.Length).OrderBy(i => placed[i].Y))
        {
            double y = placed[i].Y;
            foreach (int other in done.OrderBy(o => heights[o]))
            {
                bool beside = Covers(placed[i], placed[other].X) || Covers(placed[other], placed[i].X);
                y = beside && Math.Abs(heights[other] - y) < LabelHeight ? heights[other] + LabelHeight : y;
            }

            heights[i] = y;
            done.Add(i);
        }

        return heights;

        static bool Covers((ChartPoint Point, double X, double Y) label, double x) => x >= label.X && x <= label.X + 20 + (7 * label.Point.Label.Length);
    }
}
