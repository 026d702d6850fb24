using Newtonsoft.Json;
using Newtonsoft.Json.Linq;

namespace DeltaTune.Host.Options;

/// <summary>Reads the text of a run file: JSON with comments, in which no key may stand twice.</summary>
internal static class RunJson
{
    /// <summary>Parses.</summary>
    /// <param name="text">The file's text.</param>
    /// <param name="file">Its path, for messages.</param>
    /// <param name="problems">Takes keys that are given twice.</param>
    /// <returns>The object; of a key given twice, the last.</returns>
    /// <exception cref="InvalidRunException">The text is no JSON object.</exception>
    public static JObject Parse(string text, string file, List<RunProblem> problems)
    {
        try
        {
            FindDuplicates(text, problems);
            using JsonTextReader reader = Open(text);
            JToken root = JToken.ReadFrom(reader, new JsonLoadSettings { CommentHandling = CommentHandling.Ignore });
            while (reader.Read())
            {
                if (reader.TokenType != JsonToken.Comment)
                {
                    throw new InvalidRunException(file, $"must hold one JSON object, but goes on after its end, on line {reader.LineNumber}");
                }
            }

            return root as JObject
                ?? throw new InvalidRunException(file, $"must hold a JSON object, but starts with {OptionNames.Show(root)}");
        }
        catch (JsonReaderException cause)
        {
            throw new InvalidRunException(file, $"is not JSON: {cause.Message}", cause);
        }
    }

    // Newtonsoft could refuse the first double key; a pass of its own finds all, with their lines.
    private static void FindDuplicates(string text, List<RunProblem> problems)
    {
        using JsonTextReader reader = Open(text);
        var open = new Stack<Dictionary<string, int>>();
        while (reader.Read())
        {
            switch (reader.TokenType)
            {
                case JsonToken.StartObject:
                    open.Push([]);
                    break;
                case JsonToken.EndObject:
                    open.Pop();
                    break;
                case JsonToken.PropertyName when !open.Peek().TryAdd((string)reader.Value!, reader.LineNumber):
                    int first = open.Peek()[(string)reader.Value!];
                    problems.Add(new RunProblem(
                        reader.Path, first == reader.LineNumber ? $"is given twice on line {first}; keep one" : $"is given twice, on lines {first} and {reader.LineNumber}; keep one"));
                    break;
                default:
                    break;
            }
        }
    }

    private static JsonTextReader Open(string text) => new(new StringReader(text)) { DateParseHandling = DateParseHandling.None };
}
