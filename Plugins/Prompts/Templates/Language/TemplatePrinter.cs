using System.Globalization;
using System.Text;

namespace DeltaTune.Prompts.Templates.Language;

/// <summary>Prints pieces as a template that parses to equal ones.</summary>
internal static class TemplatePrinter
{
    /// <summary>Prints.</summary>
    public static string Print(IReadOnlyList<TemplateNode> nodes)
    {
        var text = new StringBuilder();
        bool afterLiteral = false;
        foreach (TemplateNode node in nodes)
        {
            text.Append(node.Prefix);
            // Two literals side by side would be read as one.
            bool literal = node is TextNode { Shortenable: false } plain && !afterLiteral && IsLiteral(plain.Text);
            text.Append(literal ? ((TextNode)node).Text : Braced(node));
            afterLiteral = literal;
        }

        return text.ToString();
    }

    private static bool IsLiteral(string text) => text.Length > 0 && text[0] != ' ' && text[^1] != ' ' && text.AsSpan().IndexOfAny('{', '}') < 0;

    private static string Braced(TemplateNode node)
    {
        List<string> entries = node switch
        {
            TextNode text => [Entry("text", text.Text), .. Shortenable(text.Shortenable, false)],
            PlaceholderNode field => [Entry("placeholder", field.Field), .. Shortenable(field.Shortenable, true), .. Function(field.PostProcessing)],
            MetaNode meta => [Entry("meta", meta.Key), .. Shortenable(meta.Shortenable, false), .. Function(meta.PostProcessing)],
            MaskNode => ["\"mask\""],
            SpecialNode special => [Entry("special", $"<{special.Name}>")],
            SoftNode soft => Soft(soft),
            _ => throw new ArgumentException($"a template has no pieces of type {node.GetType().Name}", nameof(node)),
        };
        return $"{{{string.Join(", ", entries)}}}";
    }

    private static List<string> Soft(SoftNode soft)
    {
        List<string> modifiers = [];
        if (soft.Id is int id) { modifiers.Add(string.Create(CultureInfo.InvariantCulture, $"\"soft_id\": {id}")); }
        if (soft.Duplicate is int count) { modifiers.Add(string.Create(CultureInfo.InvariantCulture, $"\"duplicate\": {count}")); }
        if (soft.Same) { modifiers.Add("\"same\": True"); }
        string kind = soft.Text.Length > 0 ? Entry("soft", soft.Text) : modifiers.Count > 0 ? "\"soft\": None" : "\"soft\"";
        return [kind, .. modifiers];
    }

    private static IEnumerable<string> Shortenable(bool value, bool byDefault) => value == byDefault ? [] : [$"\"shortenable\": {(value ? "True" : "False")}"];

    private static IEnumerable<string> Function(string? name) => name is null ? [] : [Entry("post_processing", name)];

    private static string Entry(string key, string value)
    {
        var quoted = new StringBuilder();
        foreach (char c in value)
        {
            quoted.Append(c switch { '"' => "\\\"", '\\' => @"\\", '\n' => "\\n", '\r' => "\\r", '\t' => "\\t", _ => c.ToString() });
        }

        return $"\"{key}\": \"{quoted}\"";
    }
}
