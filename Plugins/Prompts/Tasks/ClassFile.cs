using DeltaTune.Tasks;
using Newtonsoft.Json;
using Newtonsoft.Json.Linq;

namespace DeltaTune.Prompts.Tasks;

/// <summary>Reads classes from a JSON file: a list, or an object with lists under the names of tasks.</summary>
internal static class ClassFile
{
    private static readonly string[] Keys = ["name", "label_words", "description"];

    /// <summary>Reads the classes of a task.</summary>
    /// <exception cref="InvalidRunException">The file is missing or is not as said.</exception>
    public static IReadOnlyList<ClassInfo> Read(string path, string task)
    {
        JToken root = Parse(path);
        if (root is JObject tasks)
        {
            root = tasks[task] ?? throw new InvalidRunException(path, $"must have the classes of '{task}', but has only those of "
                + string.Join(", ", tasks.Properties().Select(p => $"'{p.Name}'")));
        }

        if (root is not JArray { Count: > 0 } list)
        {
            throw new InvalidRunException(At(path, root), "must be a list with at least one class");
        }

        ClassInfo[] classes = [.. list.Select(item => Class(path, item))];
        string? twice = classes.GroupBy(c => c.Name).FirstOrDefault(g => g.Count() > 1)?.Key;
        return twice is null
            ? classes
            : throw new InvalidRunException(At(path, root), $"must have classes with different names, but '{twice}' comes more than once");
    }

    private static ClassInfo Class(string path, JToken item)
    {
        if (item is JValue { Value: string { Length: > 0 } plain }) { return new ClassInfo(plain, [plain]); }
        if (item is not JObject entry || entry["name"] is not JValue { Value: string { Length: > 0 } name })
        {
            throw new InvalidRunException(At(path, item), "must be a class's name or an object with 'name', 'label_words' and 'description', "
                + $"but is {item.ToString(Formatting.None)}");
        }

        if (entry.Properties().FirstOrDefault(p => !Keys.Contains(p.Name)) is JProperty unknown)
        {
            throw new InvalidRunException(At(path, unknown), $"must be one of {string.Join(", ", Keys)}, but is '{unknown.Name}'");
        }

        JToken words = entry["label_words"] ?? new JArray(name);
        JToken description = entry["description"] ?? "";
        if (words is not JArray || words.Any(w => w is not JValue { Value: string { Length: > 0 } }))
        {
            throw new InvalidRunException(At(path, words), $"must be a list of words, but is {words.ToString(Formatting.None)}");
        }

        return description is JValue { Value: string text }
            ? new ClassInfo(name, [.. words.Select(w => (string)w!)], text)
            : throw new InvalidRunException(At(path, description), $"must be a text, but is {description.ToString(Formatting.None)}");
    }

    private static JToken Parse(string path)
    {
        try
        {
            return JToken.Parse(File.ReadAllText(path));
        }
        catch (JsonReaderException cause)
        {
            throw new InvalidRunException($"{path}, line {cause.LineNumber}", $"must be JSON, but is not: {cause.Message}", cause);
        }
        catch (Exception cause) when (cause is IOException or UnauthorizedAccessException)
        {
            throw new InvalidRunException(path, $"must be a JSON file with the classes, but could not be read: {cause.Message}", cause);
        }
    }

    private static string At(string path, JToken token) =>
        token is IJsonLineInfo info && info.HasLineInfo() ? $"{path}, line {info.LineNumber}" : path;
}
