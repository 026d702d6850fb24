using System.Globalization;
using System.Xml.Linq;

namespace DeltaTune.Host.Reports;

/// <summary>What charts are drawn of: SVG elements, axes and the numbers beside them.</summary>
internal static class ChartMarks
{
    private static readonly XNamespace s_svg = "http://www.w3.org/2000/svg";

    /// <summary>An empty chart.</summary>
    /// <param name="width">In pixels, as all lengths here.</param>
    /// <param name="height">In pixels.</param>
    /// <param name="title">What it shows.</param>
    public static XElement Canvas(double width, double height, string title) => new(
        s_svg + "svg", new XAttribute("viewBox", string.Create(CultureInfo.InvariantCulture, $"0 0 {width} {height}")), new XAttribute("width", width), new XAttribute("height", height),
        new XAttribute("role", "img"), new XElement(s_svg + "title", title));

    public static XElement Line(double x1, double y1, double x2, double y2, string colour)
        => new(s_svg + "line", Number("x1", x1), Number("y1", y1), Number("x2", x2), Number("y2", y2), new XAttribute("stroke", colour));

    public static XElement Circle(double x, double y, double radius, string colour)
        => new(s_svg + "circle", Number("cx", x), Number("cy", y), Number("r", radius), new XAttribute("fill", colour));

    /// <summary>A line through points.</summary>
    public static XElement Through(IEnumerable<(double X, double Y)> points, string colour) => new(
        s_svg + "polyline", new XAttribute("points", string.Join(" ", points.Select(p => string.Create(CultureInfo.InvariantCulture, $"{p.X:0.#},{p.Y:0.#}")))),
        new XAttribute("fill", "none"), new XAttribute("stroke", colour), new XAttribute("stroke-width", 2));

    public static XElement Label(double x, double y, string text, string anchor) => new(
        s_svg + "text", Number("x", x), Number("y", y), new XAttribute("text-anchor", anchor), new XAttribute("font-size", 12), new XAttribute("font-family", "sans-serif"), text);

    /// <summary>Gives an axis round numbers to begin and end at, and 1, 2 or 5 times a power of ten between its lines, so that four to ten stand in the range.</summary>
    /// <param name="low">The lowest number to be shown.</param>
    /// <param name="high">The highest. A range that is rounding beside the size of its numbers counts as none.</param>
    public static (double Low, double High, double Step) Axis(double low, double high)
    {
        double range = high - low, size = Math.Max(Math.Abs(low), Math.Abs(high));
        bool none = range <= 1e-9 * size;
        double power = none ? Math.Pow(10, size > 1 ? Math.Floor(Math.Log10(size)) - 2 : -2) : Math.Pow(10, Math.Floor(Math.Log10(range / 4)));
        double step = power * (none ? 0 : range / power) switch { <= 10 => 1, <= 20 => 2, _ => 5 };
        double first = Math.Floor(low / step) * step;
        return (first, Math.Max(first + step, Math.Ceiling(high / step) * step), step);
    }

    /// <summary>Writes a number shortly: 300, 5 k, 2 M.</summary>
    public static string Count(double number) => Math.Abs(number) switch
    {
        < 1e3 => number.ToString("0.###", CultureInfo.InvariantCulture),
        < 1e6 => (number / 1e3).ToString("0.##", CultureInfo.InvariantCulture) + " k",
        < 1e9 => (number / 1e6).ToString("0.##", CultureInfo.InvariantCulture) + " M",
        _ => (number / 1e9).ToString("0.##", CultureInfo.InvariantCulture) + " G",
    };

    private static XAttribute Number(string name, double value) => new(name, Math.Round(value, 1));
}
