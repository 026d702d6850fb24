using Newtonsoft.Json;
using Newtonsoft.Json.Linq;

namespace DeltaTune.Options;

/// <summary>Writes a choice as run files have it. Reads it with its options still as JSON: who knows the component makes them what they are.</summary>
internal sealed class ComponentChoiceConverter : JsonConverter<ComponentChoice>
{
    private const string Key = "type";

    /// <inheritdoc/>
    public override void WriteJson(JsonWriter writer, ComponentChoice? value, JsonSerializer serializer)
    {
        if (value is null)
        {
            writer.WriteNull();
            return;
        }

        var written = new JObject { [Key] = value.Type };
        written.Merge(JObject.FromObject(value.Options, serializer));
        written.WriteTo(writer);
    }

    /// <inheritdoc/>
    public override ComponentChoice? ReadJson(JsonReader reader, Type objectType, ComponentChoice? existingValue, bool hasExistingValue, JsonSerializer serializer)
    {
        if (reader.TokenType == JsonToken.Null)
        {
            return null;
        }

        JObject options = JObject.Load(reader);
        string type = options[Key] is JValue { Type: JTokenType.String } name ? (string)name! : "";
        return new ComponentChoice(type, options);
    }
}
