using System.Text.Json;

namespace DeltaTune.Backbones.Tokenizers;

/// <summary>Reads JSON files, with messages that name the file.</summary>
internal static class JsonFile
{
    /// <summary>Reads a file whose content must be an object.</summary>
    public static JsonElement Read(string path)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(File.ReadAllBytes(path));
            return document.RootElement.ValueKind == JsonValueKind.Object
                ? document.RootElement.Clone()
                : throw new InvalidDataException($"'{path}' must hold a JSON object, but holds one of kind {document.RootElement.ValueKind}.");
        }
        catch (JsonException cause)
        {
            throw new InvalidDataException($"'{path}' must be JSON, but {cause.Message}", cause);
        }
    }

    /// <summary>Gets a member of an object; null when absent, null, or not in an object.</summary>
    public static JsonElement? Get(this JsonElement? element, string name) =>
        element is { ValueKind: JsonValueKind.Object } value && value.TryGetProperty(name, out JsonElement member) && member.ValueKind != JsonValueKind.Null ? member : null;

    /// <summary>Gets a text member; null when absent.</summary>
    public static string? GetText(this JsonElement? element, string name) =>
        element.Get(name) is { ValueKind: JsonValueKind.String } member ? member.GetString() : null;

    /// <summary>Gets a truth-valued member; null when absent.</summary>
    public static bool? GetFlag(this JsonElement? element, string name) => element.Get(name)?.ValueKind switch
    {
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        _ => null,
    };

    /// <summary>Gets the items of an array member; none when absent.</summary>
    public static IEnumerable<JsonElement> Items(this JsonElement? element, string name) =>
        element.Get(name) is { ValueKind: JsonValueKind.Array } member ? member.EnumerateArray() : [];

    /// <summary>Reads a whole number.</summary>
    public static int Int(JsonElement element, string path, string name) => element.ValueKind == JsonValueKind.Number && element.TryGetInt32(out int number)
        ? number
        : throw new InvalidDataException($"'{path}': '{name}' must be a whole number, but is {element.GetRawText()}.");
}
