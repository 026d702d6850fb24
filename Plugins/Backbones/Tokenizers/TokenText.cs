using System.Text.Json;

namespace DeltaTune.Backbones.Tokenizers;

/// <summary>A token as the JSON files write it: a plain text, or an object with the text and how to find it.</summary>
internal sealed record TokenText(
    string Content, bool LeftStrip = false, bool RightStrip = false, bool SingleWord = false, bool Normalized = true, bool Special = false)
{
    /// <summary>Reads a token; null when the element is neither a text nor an object with a text.</summary>
    public static TokenText? Read(JsonElement element)
    {
        if (element.ValueKind == JsonValueKind.String)
        {
            return new TokenText(element.GetString()!);
        }

        return element.ValueKind == JsonValueKind.Object && element.TryGetProperty("content", out JsonElement content) && content.ValueKind == JsonValueKind.String
            ? new TokenText(
                content.GetString()!, Is(element, "lstrip"), Is(element, "rstrip"), Is(element, "single_word"), Is(element, "normalized"), Is(element, "special"))
            : null;
    }

    public AddedToken WithId(int id, bool special, bool ignoreCase) => new(Content, id, special, LeftStrip, RightStrip, SingleWord, ignoreCase);

    private static bool Is(JsonElement element, string name) => element.TryGetProperty(name, out JsonElement value) && value.ValueKind == JsonValueKind.True;
}
