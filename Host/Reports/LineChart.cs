using System.Globalization;
using System.Xml.Linq;
using static DeltaTune.Host.Reports.ChartMarks;

namespace DeltaTune.Host.Reports;

/// <summary>Draws lines over a number, in panels beside and below each other with one axis upwards, as SVG.</summary>
/// <remarks>A line has one colour in all panels, which the legend below names.</remarks>
internal static class LineChart
{
    private const int Across = 4, LongLine = 100; // panels in a row; pixels of legend before a line breaks, at least
    private const double PanelWidth = 225, PanelHeight = 206, Left = 48, Top = 44, Legend = 22; // with what stands beside and below the lines of a panel:
    private const double Beside = 40, Below = 56;
    private const double Logarithmic = 20; // the least ratio of numbers that are told apart better by their logarithms

    // Okabe and Ito 2008, told apart by the colour-blind too; yellow is left out, which a white page swallows.
    private static readonly string[] s_colours = ["#0072b2", "#d55e00", "#009e73", "#cc79a7", "#56b4e9", "#e69f00", "#000000"];

    /// <summary>Draws.</summary>
    /// <param name="points">One or more, each in its panel and on its line; panels and lines come in the order in which they are met.</param>
    /// <param name="xTitle">What the horizontal axis counts.</param>
    /// <param name="yTitle">What the vertical axis measures.</param>
    /// <returns>The <c>svg</c> element.</returns>
    public static XElement Draw(IReadOnlyList<LinePoint> points, string xTitle, string yTitle)
    {
        string[] lines = [.. points.Select(p => p.Line).Distinct()];
        IGrouping<string, LinePoint>[] panels = [.. points.GroupBy(p => p.Panel)];
        int across = Math.Min(Across, panels.Length), down = (panels.Length + across - 1) / across;
        double width = Math.Max(Left + (across * PanelWidth), 500), bottom = Top + (down * PanelHeight);
        (double X, double Y)[] places = [.. LegendPlaces(lines, width, bottom)];
        XElement chart = Canvas(width, places[^1].Y + 14, $"{yTitle} against {xTitle}");
        chart.Add(Label(Left, 14, $"{yTitle} against {xTitle}", "start"));
        var axes = new LineAxes(points, Logarithmic);
        for (int i = 0; i < panels.Length; i++)
        {
            Panel(chart, panels[i], lines, axes, Left + (i % across * PanelWidth), Top + (i / across * PanelHeight), i % across == 0);
        }

        for (int i = 0; i < lines.Length; i++)
        {
            chart.Add(Line(places[i].X, places[i].Y - 4, places[i].X + 20, places[i].Y - 4, Colour(i)), Circle(places[i].X + 10, places[i].Y - 4, 3, Colour(i)), Label(places[i].X + 26, places[i].Y, lines[i], "start"));
        }

        return chart;
    }

    private static void Panel(XElement chart, IGrouping<string, LinePoint> panel, string[] lines, LineAxes axes, double left, double top, bool isFirst)
    {
        double right = left + PanelWidth - Beside, bottom = top + PanelHeight - Below;
        foreach (double y in axes.Ys)
        {
            chart.Add(Line(left, Y(y), right, Y(y), "#ddd"), isFirst ? Label(left - 8, Y(y) + 4, y.ToString("0.###", CultureInfo.InvariantCulture), "end") : null);
        }

        foreach (double x in axes.Xs)
        {
            chart.Add(Line(X(x), bottom, X(x), bottom + 4, "#444"), Label(X(x), bottom + 18, Count(x), "middle"));
        }

        chart.Add(Line(left, bottom, right, bottom, "#444"), Label((left + right) / 2, top - 8, panel.Key, "middle"));
        foreach (IGrouping<string, LinePoint> line in panel.GroupBy(p => p.Line))
        {
            string colour = Colour(Array.IndexOf(lines, line.Key));
            LinePoint[] along = [.. line.OrderBy(p => p.X)];
            chart.Add(along.Length > 1 ? Through(along.Select(p => (X(p.X), Y(p.Y))), colour) : null);
            chart.Add(along.Where(p => p.Spread > 0).Select(p => Line(X(p.X), Y(p.Y - p.Spread), X(p.X), Y(p.Y + p.Spread), colour)), along.Select(p => Circle(X(p.X), Y(p.Y), 3, colour)));
        }

        double X(double x) => left + 12 + (axes.Along(x) * (right - left - 24));

        double Y(double y) => bottom - (axes.Up(y) * (bottom - top));
    }

    // As many in a row as there is room for.
    private static IEnumerable<(double X, double Y)> LegendPlaces(string[] lines, double width, double top)
    {
        double x = Left;
        foreach (string line in lines)
        {
            double length = Math.Max(LongLine, 50 + (7 * line.Length));
            if (x > Left && x + length > width)
            {
                (x, top) = (Left, top + Legend);
            }

            yield return (x, top);
            x += length;
        }
    }

    private static string Colour(int line) => s_colours[line % s_colours.Length];
}
