using System.Globalization;
using DeltaTune.Host.Training;
using DeltaTune.Tasks;
using Newtonsoft.Json;
using Newtonsoft.Json.Linq;

namespace DeltaTune.Host.Runs;

/// <summary>The predictions that a finished run's folder keeps.</summary>
internal static class PredictionFile
{
    /// <summary>The file's name.</summary>
    public const string Name = "predictions.jsonl";

    /// <summary>Reads what a run predicted for a split.</summary>
    /// <param name="folder">The run's folder.</param>
    /// <param name="split">The split.</param>
    /// <returns>In the split's order; empty where the folder keeps none.</returns>
    /// <exception cref="InvalidRunException">A line is broken.</exception>
    public static IReadOnlyList<Prediction> Read(string folder, Split split)
    {
        string path = Path.Combine(folder, Name);
        if (!File.Exists(path))
        {
            return [];
        }

        try
        {
            return [.. File.ReadLines(path).Select(JObject.Parse).Where(l => Enum.TryParse((string?)l["split"], ignoreCase: true, out Split of) && of == split && l["scores"] is not null)
                .Select(l => new Prediction((string)l["id"]!, (string?)l["label"], (string)l["predicted"]!, [.. l["scores"]!.Select(s => (double)s)]))];
        }
        catch (Exception cause) when (cause is JsonException or ArgumentException or FormatException or InvalidCastException)
        {
            throw new InvalidRunException(path, $"cannot be read: {cause.Message}", cause);
        }
    }

    /// <summary>Writes a line.</summary>
    /// <param name="classes">The task's.</param>
    /// <param name="id">The example's.</param>
    /// <param name="label">The right class; null where it is not known.</param>
    /// <param name="split">Its split's name.</param>
    /// <param name="predicted">The chosen class.</param>
    /// <param name="scores">A score for each class.</param>
    /// <returns>The line, without its end.</returns>
    public static string Line(IReadOnlyList<ClassInfo> classes, string id, int? label, string split, int predicted, JArray scores) => new JObject
    {
        ["id"] = id,
        ["split"] = split,
        ["label"] = label is int known ? classes[known].Name : null,
        ["predicted"] = classes[predicted].Name,
        ["scores"] = scores,
    }.ToString(Formatting.None);

    /// <summary>Writes a line of a task whose answers are nodes. <see cref="Read"/> passes it over: ranks are not combined.</summary>
    /// <param name="names">The nodes'; empty where they have none, and numbers stand for them.</param>
    /// <param name="example">With its label.</param>
    /// <param name="split">Its split's name.</param>
    /// <param name="ranked">What was found.</param>
    /// <returns>The line, without its end.</returns>
    public static string Line(IReadOnlyList<string> names, Example example, string split, RankedNodes ranked) => new JObject
    {
        ["id"] = example.Id,
        ["split"] = split,
        ["fields"] = new JObject(example.Fields.Select(f => new JProperty(f.Key, f.Value))),
        ["label"] = NodeName(names, example.Label!.Value),
        ["rank"] = ranked.Rank,
        ["best"] = new JArray(ranked.Best.Select(b => new JObject { ["node"] = NodeName(names, b.Node), ["score"] = b.Score })),
    }.ToString(Formatting.None);

    private static string NodeName(IReadOnlyList<string> names, int node)
        => node < names.Count ? names[node] : node.ToString(CultureInfo.InvariantCulture);

    /// <summary>Writes a line of a task with outputs in place of classes. <see cref="Read"/> passes it over: nothing was chosen.</summary>
    /// <param name="outputs">The task's.</param>
    /// <param name="example">With its labels.</param>
    /// <param name="split">Its split's name.</param>
    /// <param name="scores">Log odds or a number for each output.</param>
    /// <returns>The line, without its end.</returns>
    public static string Line(IReadOnlyList<ClassInfo> outputs, Example example, string split, float[] scores) => new JObject
    {
        ["id"] = example.Id,
        ["split"] = split,
        ["labels"] = new JObject(outputs.Select((o, i) => new JProperty(o.Name, float.IsNaN(example.Values[i]) ? null : example.Values[i]))),
        ["outputs"] = new JObject(outputs.Select((o, i) => new JProperty(o.Name, scores[i]))),
    }.ToString(Formatting.None);
}
