using Newtonsoft.Json;

namespace DeltaTune.Sites;

/// <summary>Lets a site selector stand in JSON as one text or as a list of texts.</summary>
public sealed class SelectorTextConverter : JsonConverter<string>
{
    /// <inheritdoc/>
    public override string? ReadJson(JsonReader reader, Type objectType, string? existingValue, bool hasExistingValue, JsonSerializer serializer)
    {
        ArgumentNullException.ThrowIfNull(reader);
        ArgumentNullException.ThrowIfNull(serializer);
        return reader.TokenType == JsonToken.StartArray
            ? string.Join(", ", serializer.Deserialize<string[]>(reader)!)
            : serializer.Deserialize<object>(reader) switch
            {
                null => null,
                string text => text,
                object other => throw new JsonSerializationException($"must be a site selector, as a text or a list of texts, but is {other}"),
            };
    }

    /// <inheritdoc/>
    public override void WriteJson(JsonWriter writer, string? value, JsonSerializer serializer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        writer.WriteValue(value);
    }
}
