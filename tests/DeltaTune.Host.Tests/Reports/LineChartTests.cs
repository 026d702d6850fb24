using System.Globalization;
using System.Xml.Linq;
using DeltaTune.Host.Reports;

namespace DeltaTune.Host.Tests.Reports;

internal sealed class LineChartTests
{
    // Ten times as many are one step to the right, and a higher score stands higher.
    [Test]
    public void Draw_OneLineOverPowersOfTen_GoesInEvenSteps()
    {
        (double X, double Y)[] points = Points(Draw(new LinePoint("", "gin", 1000, 0.8, 0), new LinePoint("", "gin", 100, 0.5, 0), new LinePoint("", "gin", 10_000, 0.7, 0)).Single(e => IsA(e, "polyline")));

        Assert.That(points[1].X - points[0].X, Is.EqualTo(points[2].X - points[1].X).Within(0.2));
        Assert.That(points[0].X, Is.LessThan(points[1].X));
        Assert.That(points.OrderBy(p => p.Y).Select(p => Array.IndexOf(points, p)), Is.EqualTo(new[] { 1, 2, 0 }), "the second is the best");
    }

    [Test]
    public void Draw_NumbersCloseTogether_AreNotTakenByTheirLogarithms()
    {
        (double X, double Y)[] points = Points(Draw(new LinePoint("", "gin", 2, 0.5, 0), new LinePoint("", "gin", 4, 0.5, 0), new LinePoint("", "gin", 8, 0.5, 0)).Single(e => IsA(e, "polyline")));

        Assert.That(points[2].X - points[1].X, Is.EqualTo(2 * (points[1].X - points[0].X)).Within(0.2));
    }

    [Test]
    public void Draw_TwoPanels_HaveOneAxisAndALineItsColourInBoth()
    {
        XElement[] drawn = Draw(
            new LinePoint("nodes", "gin", 100, 1, 0), new LinePoint("nodes", "gin", 1000, 1, 0), new LinePoint("edges", "bert", 100, 0.5, 0), new LinePoint("edges", "bert", 1000, 1, 0),
            new LinePoint("edges", "gin", 100, 1, 0), new LinePoint("edges", "gin", 1000, 1, 0));

        string[] colours = [.. drawn.Where(e => IsA(e, "polyline")).Select(e => e.Attribute("stroke")!.Value)];
        Assert.That(drawn.Where(e => IsA(e, "text")).Select(e => e.Value), Is.SupersetOf(new[] { "nodes", "edges", "gin", "bert", "100", "1 k", "accuracy against task.train" }));
        Assert.That(colours, Is.EqualTo(new[] { colours[0], colours[1], colours[0] }));
        Assert.That(colours[1], Is.Not.EqualTo(colours[0]));
        Assert.That(drawn.Where(e => IsA(e, "text") && e.Value == "1").Count(), Is.EqualTo(1), "the axis upwards is written once a row of panels");
    }

    [Test]
    public void Draw_OnePoint_IsAChartWithABar()
    {
        XElement[] drawn = Draw(new LinePoint("", "<&>", 100, 0.5, 0.1));

        Assert.That(drawn.Count(e => IsA(e, "circle")), Is.EqualTo(2), "the point and its mark in the legend");
        Assert.That(drawn.SelectMany(e => e.Attributes()).Select(a => a.Value), Has.None.Contains("NaN"));
    }

    private static XElement[] Draw(params LinePoint[] points) => [.. LineChart.Draw(points, "task.train", "accuracy").Elements()];

    private static bool IsA(XElement element, string kind) => element.Name.LocalName == kind;

    private static (double X, double Y)[] Points(XElement line)
        => [.. line.Attribute("points")!.Value.Split(' ').Select(p => p.Split(',')).Select(p => (double.Parse(p[0], CultureInfo.InvariantCulture), double.Parse(p[1], CultureInfo.InvariantCulture)))];
}
