using System.Globalization;
using System.Text.RegularExpressions;
using Newtonsoft.Json;
using Newtonsoft.Json.Linq;

namespace DeltaTune.Host.Options;

/// <summary>Edits a run file before it is bound: <c>--set deltas[0].rank=4</c>.</summary>
internal static partial class RunOverrides
{
    /// <summary>Sets one value, creating what is missing on the way; an index one past a list's end appends.</summary>
    /// <param name="root">The run file; changed.</param>
    /// <param name="assignment">Path, equals sign, value. The value is JSON, or else text.</param>
    /// <param name="problems">Takes what is wrong.</param>
    public static void Apply(JObject root, string assignment, List<RunProblem> problems)
    {
        int equals = assignment.IndexOf('=', StringComparison.Ordinal);
        if (equals < 1)
        {
            problems.Add(new RunProblem($"--set '{assignment}'", "must be a path, '=' and a value, such as deltas[0].rank=4"));
            return;
        }

        Set(root, assignment[..equals].Trim(), ParseValue(assignment[(equals + 1)..]), $"--set '{assignment}'", problems);
    }

    /// <summary>Sets one value by its path.</summary>
    /// <param name="root">The run file; changed.</param>
    /// <param name="path">Such as <c>deltas[0].rank</c>.</param>
    /// <param name="value">The value.</param>
    /// <param name="place">Where the path stands, for messages.</param>
    /// <param name="problems">Takes what is wrong.</param>
    public static void Set(JObject root, string path, JToken value, string place, List<RunProblem> problems)
    {
        object[] steps = Split(path);
        if (steps.Length == 0 || steps[0] is int)
        {
            problems.Add(new RunProblem(place, $"names no place: '{path}' must be keys with dots and indices between, such as deltas[0].rank"));
            return;
        }

        JToken at = root;
        string reached = "";
        for (int i = 0; i < steps.Length; i++)
        {
            JToken? next = i + 1 == steps.Length ? value : null;
            switch (at, steps[i])
            {
                case (JObject keys, string key):
                    if (next is not null || keys[key] is null or { Type: JTokenType.Null })
                    {
                        keys[key] = next ?? Container(steps[i + 1]);
                    }

                    at = keys[key]!;
                    reached = OptionShape.Join(reached, key);
                    break;
                case (JArray items, int index) when index <= items.Count:
                    if (index == items.Count)
                    {
                        items.Add(next ?? Container(steps[i + 1]));
                    }
                    else if (next is not null)
                    {
                        items[index] = next;
                    }

                    at = items[index];
                    reached = $"{reached}[{index}]";
                    break;
                case (JArray items, int index):
                    problems.Add(new RunProblem(place, $"names {reached}[{index}], but {reached} has {items.Count} {(items.Count == 1 ? "entry" : "entries")}; [{items.Count}] would append one"));
                    return;
                default:
                    problems.Add(new RunProblem(place, $"looks for {(steps[i] is int n ? $"entry [{n}]" : $"the key '{steps[i]}'")} in {reached}, but that is {OptionNames.Show(at)}"));
                    return;
            }
        }
    }

    private static JToken Container(object step) => step is int ? new JArray() : new JObject();

    private static JToken ParseValue(string text)
    {
        try
        {
            using var reader = new JsonTextReader(new StringReader(text)) { DateParseHandling = DateParseHandling.None };
            JToken value = JToken.ReadFrom(reader);

            // Single quotes are Newtonsoft's own; what follows the value makes it text.
            return reader.Read() || text.TrimStart().StartsWith('\'') ? new JValue(text) : value;
        }
        catch (JsonReaderException)
        {
            return new JValue(text);
        }
    }

    // Keys are text, indices are numbers; empty where the path cannot be read.
    private static object[] Split(string path)
    {
        var steps = new List<object>();
        int end = 0;
        for (Match step = Step().Match(path); step.Success && step.Index == end; step = step.NextMatch())
        {
            steps.Add(step.Groups["index"].Success ? int.Parse(step.Groups["index"].Value, CultureInfo.InvariantCulture)
                : step.Groups["quoted"].Success ? step.Groups["quoted"].Value
                : step.Groups["key"].Value);
            end = step.Index + step.Length;
        }

        return end == path.Length ? [.. steps] : [];
    }

    [GeneratedRegex(@"\[(?<index>\d{1,9})\]|\[(['""])(?<quoted>.+?)\1\]|(?:^|(?<=.)\.)(?<key>[^.\[\]]+)")]
    private static partial Regex Step();
}
