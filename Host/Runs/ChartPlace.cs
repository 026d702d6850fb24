using Newtonsoft.Json;
using Newtonsoft.Json.Linq;

namespace DeltaTune.Host.Runs;

/// <summary>Where a row of a comparison stands in its line chart.</summary>
/// <param name="Title">The path of the number that it stands over.</param>
/// <param name="X">The number.</param>
/// <param name="Panel">The first name of the row, unless this sets the number; empty where there is no other.</param>
/// <param name="Line">The row's other names but the one that sets the number.</param>
internal sealed record ChartPlace(
    [property: JsonProperty("title")] string Title, [property: JsonProperty("x")] double X, [property: JsonProperty("panel")] string Panel, [property: JsonProperty("line")] string Line)
{
    /// <summary>Finds the place of a row.</summary>
    /// <param name="row">The row.</param>
    /// <param name="resolved">Its run file.</param>
    /// <param name="path">The path of the number.</param>
    /// <returns>Null where there is no number.</returns>
    /// <exception cref="JsonException">It is no path.</exception>
    public static ChartPlace? Of(PlannedRow row, JObject resolved, string path)
    {
        if (resolved.SelectToken(path) is not { Type: JTokenType.Integer or JTokenType.Float } number)
        {
            return null;
        }

        string[] others = [.. row.Names.Where((_, i) => !row.Settings[i].ContainsKey(path))];
        bool hasPanels = others.Length > 1 && others[0] == row.Names[0];
        return new ChartPlace(path, (double)number, hasPanels ? others[0] : "", PlannedRow.Join(hasPanels ? others[1..] : others));
    }
}
