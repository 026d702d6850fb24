using System.Xml.Linq;
using DeltaTune.Host.Runs;

namespace DeltaTune.Host.Reports;

/// <summary>A comparison as one HTML file without scripts: the table, and a chart of score against a number that was asked for, or against trained parameters.</summary>
internal static class ComparisonPage
{
    private const string Style = "body{font-family:sans-serif;margin:2em;max-width:62em}table{border-collapse:collapse;margin:1em 0}td,th{padding:.3em .9em;border-bottom:1px solid #ddd;text-align:right}td:first-child,th:first-child{text-align:left}td{white-space:nowrap}";

    /// <summary>Writes the page.</summary>
    /// <param name="name">The comparison's name.</param>
    /// <param name="rows">One or more.</param>
    /// <returns>The whole file.</returns>
    public static string Write(string name, IReadOnlyList<ComparisonRow> rows)
    {
        int seeds = rows.Max(r => r.Seeds.Count);
        var body = new XElement(
            "body",
            new XElement("h1", name),
            new XElement("p", $"Mean {(ComparisonColumns.IsMixed(rows) ? "score" : rows[0].Metric)} over {seeds} seed{(seeds == 1 ? "" : "s")}; bars and ± are one standard deviation."),
            CrossTable.Of(rows) is { } crossed ? Table(crossed) : null,
            Table(ComparisonColumns.Table(rows)));
        if (ComparisonTest.Explain(rows) is { } explanation)
        {
            body.Add(new XElement("p", explanation));
        }

        body.Add(Lines(rows) is { } lines ? lines : Scatters(rows));
        var page = new XElement(
            "html", new XAttribute("lang", "en"),
            new XElement("head", new XElement("meta", new XAttribute("charset", "utf-8")), new XElement("title", name), new XElement("style", Style)), body);
        return $"<!DOCTYPE html>\n{page}\n";
    }

    /// <summary>Draws the chart over a number.</summary>
    /// <param name="rows">One or more.</param>
    /// <returns>Null where none was asked for, or nothing is scored yet.</returns>
    public static XElement? Lines(IReadOnlyList<ComparisonRow> rows)
    {
        LinePoint[] points = [.. rows.Where(r => r is { Score: not null, Chart: not null }).Select(r => new LinePoint(r.Chart!.Panel, r.Chart.Line, r.Chart.X, r.Score!.Value, r.Spread ?? 0))];
        return points.Length == 0 ? null : LineChart.Draw(points, rows.First(r => r.Chart is not null).Chart!.Title, ComparisonColumns.IsMixed(rows) ? "score" : rows[0].Metric);
    }

    // A chart for each name that variants are crossed with first: it holds some thirty points.
    private static IEnumerable<XElement> Scatters(IReadOnlyList<ComparisonRow> rows)
    {
        foreach (IGrouping<string?, ComparisonRow> group in rows.GroupBy(r => r.Names?[0]))
        {
            ChartPoint[] points = [.. group.Where(r => r.Score is not null).Select(r => new ChartPoint(CrossTable.Without(r, 0), r.TrainableParameters, r.Score!.Value, r.Spread ?? 0))];
            if (points.Length > 0)
            {
                if (group.Key is not null)
                {
                    yield return new XElement("h2", group.Key);
                }

                yield return ScatterChart.Draw(points, "trained parameters", group.First().Metric);
            }
        }
    }

    private static XElement Table(IReadOnlyList<string[]> rows)
        => new("table", new XElement("thead", Row("th", rows[0])), new XElement("tbody", rows.Skip(1).Select(r => Row("td", r))));

    private static XElement Row(string cell, string[] texts) => new("tr", texts.Select(t => new XElement(cell, t)));
}
