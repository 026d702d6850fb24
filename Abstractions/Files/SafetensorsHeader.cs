using System.Buffers;
using System.Text.Json;

namespace DeltaTune.Files;

/// <summary>Reads and writes the JSON header of a safetensors file, and checks it against the file's size.</summary>
/// <remarks>
/// Source: the format description of huggingface/safetensors (README, "Format"): 8 bytes with the header's length N, little-endian; N bytes
/// of JSON beginning with '{', padded with spaces; then the tensors' bytes, whose offsets count from the end of the header, without holes.
/// </remarks>
internal static class SafetensorsHeader
{
    /// <summary>The longest header that is read, in bytes; the same limit as in the reference implementation.</summary>
    public const int LongestHeader = 100_000_000;

    private const string MetadataKey = "__metadata__";

    public static (IReadOnlyDictionary<string, string> Metadata, IReadOnlyList<SafetensorsEntry> Entries) Parse(
        string path, ReadOnlyMemory<byte> json, long dataLength)
    {
        if (json.Length == 0 || json.Span[0] != (byte)'{')
        {
            throw Bad(path, "its header must begin with '{', but begins with " + (json.Length == 0 ? "nothing" : $"byte 0x{json.Span[0]:X2}"));
        }

        try
        {
            using JsonDocument document = JsonDocument.Parse(json, new JsonDocumentOptions { MaxDepth = 8 });
            var metadata = new Dictionary<string, string>(StringComparer.Ordinal);
            var entries = new List<SafetensorsEntry>();
            var names = new HashSet<string>(StringComparer.Ordinal);
            foreach (JsonProperty property in document.RootElement.EnumerateObject())
            {
                if (!names.Add(property.Name))
                {
                    throw Bad(path, $"tensor '{property.Name}' is listed twice in its header; every name must be there once");
                }

                if (property.Name == MetadataKey)
                {
                    ReadMetadata(path, property.Value, metadata);
                }
                else
                {
                    entries.Add(ReadEntry(path, property, json.Length + 8L, dataLength));
                }
            }

            CheckLayout(path, entries, json.Length + 8L, dataLength);
            return (metadata, entries);
        }
        catch (Exception cause) when (cause is JsonException or InvalidOperationException)
        {
            // InvalidOperationException: text that is not valid UTF-16 once its escapes are resolved.
            throw new InvalidDataException($"'{path}' is not a safetensors file: its header must be JSON, but {cause.Message}", cause);
        }
    }

    /// <summary>Builds the header, padded with spaces so that the data after the 8 length bytes starts at a multiple of 8.</summary>
    public static byte[] Build(
        IEnumerable<(string Name, StoredType Type, IReadOnlyList<long> Shape, long ByteLength)> tensors, IReadOnlyDictionary<string, string> metadata)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer, new JsonWriterOptions { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            json.WriteStartObject();
            if (metadata.Count > 0)
            {
                json.WriteStartObject(MetadataKey);
                foreach ((string key, string value) in metadata.OrderBy(pair => pair.Key, StringComparer.Ordinal))
                {
                    json.WriteString(key, value);
                }

                json.WriteEndObject();
            }

            long offset = 0;
            foreach ((string name, StoredType type, IReadOnlyList<long> shape, long byteLength) in tensors)
            {
                json.WriteStartObject(name);
                json.WriteString("dtype", type.SafetensorsName());
                json.WriteStartArray("shape");
                foreach (long size in shape)
                {
                    json.WriteNumberValue(size);
                }

                json.WriteEndArray();
                json.WriteStartArray("data_offsets");
                json.WriteNumberValue(offset);
                json.WriteNumberValue(offset += byteLength);
                json.WriteEndArray();
                json.WriteEndObject();
            }

            json.WriteEndObject();
        }

        var header = new byte[(buffer.WrittenCount + 7) / 8 * 8];
        header.AsSpan().Fill((byte)' ');
        buffer.WrittenSpan.CopyTo(header);
        return header;
    }

    private static void ReadMetadata(string path, JsonElement element, Dictionary<string, string> metadata)
    {
        if (element.ValueKind != JsonValueKind.Object)
        {
            throw Bad(path, $"'{MetadataKey}' must be an object of strings, but is of kind {element.ValueKind}");
        }

        foreach (JsonProperty property in element.EnumerateObject())
        {
            if (property.Value.ValueKind != JsonValueKind.String || !metadata.TryAdd(property.Name, property.Value.GetString()!))
            {
                throw Bad(path, $"'{MetadataKey}.{property.Name}' must be one string, but is {property.Value.GetRawText()}");
            }
        }
    }

    private static SafetensorsEntry ReadEntry(string path, JsonProperty property, long dataStart, long dataLength)
    {
        string name = property.Name;
        JsonElement dtype = Member(path, property, "dtype", JsonValueKind.String);
        if (!StoredTypes.TryParse(dtype.GetString(), out StoredType type))
        {
            throw Bad(path, $"tensor '{name}' has dtype '{dtype.GetString()}'; known are {string.Join(", ", StoredTypes.AllNames)}");
        }

        long[] shape = Numbers(path, name, "shape", Member(path, property, "shape", JsonValueKind.Array));
        long[] offsets = Numbers(path, name, "data_offsets", Member(path, property, "data_offsets", JsonValueKind.Array));
        if (offsets.Length != 2 || offsets[0] > offsets[1] || offsets[1] > dataLength)
        {
            throw Bad(path, $"tensor '{name}' has data_offsets [{string.Join(", ", offsets)}], "
                + $"which must be a begin and an end within the {dataLength} bytes that follow the header");
        }

        if (ByteLength(shape, type) != offsets[1] - offsets[0])
        {
            throw Bad(path, $"tensor '{name}' {type.SafetensorsName()} [{string.Join(", ", shape)}] must have "
                + $"{ByteLength(shape, type)?.ToString(System.Globalization.CultureInfo.InvariantCulture) ?? "more than 2^63"} bytes, but its data_offsets give {offsets[1] - offsets[0]}");
        }

        return new SafetensorsEntry(name, type, shape, dataStart + offsets[0], offsets[1] - offsets[0]);
    }

    private static JsonElement Member(string path, JsonProperty tensor, string member, JsonValueKind kind)
    {
        if (tensor.Value.ValueKind != JsonValueKind.Object || !tensor.Value.TryGetProperty(member, out JsonElement value) || value.ValueKind != kind)
        {
            throw Bad(path, $"tensor '{tensor.Name}' must have a '{member}' of kind {kind}, but its header entry is {Shorten(tensor.Value.GetRawText())}");
        }

        return value;
    }

    private static long[] Numbers(string path, string name, string member, JsonElement array)
    {
        var numbers = new List<long>();
        foreach (JsonElement item in array.EnumerateArray())
        {
            if (item.ValueKind != JsonValueKind.Number || !item.TryGetInt64(out long number) || number < 0)
            {
                throw Bad(path, $"tensor '{name}' must have whole numbers of 0 or more in '{member}', but has {Shorten(item.GetRawText())}");
            }

            numbers.Add(number);
        }

        return [.. numbers];
    }

    private static long? ByteLength(long[] shape, StoredType type)
    {
        if (Array.IndexOf(shape, 0L) >= 0)
        {
            return 0;
        }

        try
        {
            return shape.Aggregate((long)type.ByteSize(), (product, size) => checked(product * size));
        }
        catch (OverflowException)
        {
            return null;
        }
    }

    private static void CheckLayout(string path, List<SafetensorsEntry> entries, long dataStart, long dataLength)
    {
        long end = dataStart;
        string before = "the header";
        foreach (SafetensorsEntry entry in entries.OrderBy(entry => entry.Offset).ThenBy(entry => entry.ByteLength))
        {
            if (entry.Offset != end)
            {
                throw Bad(path, $"tensor '{entry.Name}' begins at data offset {entry.Offset - dataStart}, "
                    + $"but {before} ends at {end - dataStart}; tensors must follow each other without {(entry.Offset > end ? "holes" : "overlap")}");
            }

            end += entry.ByteLength;
            before = $"tensor '{entry.Name}'";
        }

        if (end != dataStart + dataLength)
        {
            throw Bad(path, $"its tensors end at data offset {end - dataStart}, but the file goes on to {dataLength}; nothing may follow the last tensor");
        }
    }

    private static string Shorten(string text) => text.Length <= 80 ? text : string.Concat(text.AsSpan(0, 80), "...");

    private static InvalidDataException Bad(string path, string what) => new($"'{path}' is not a valid safetensors file: {what}.");
}
