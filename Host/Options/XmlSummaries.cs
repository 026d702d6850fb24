using System.Reflection;
using System.Text.RegularExpressions;
using System.Xml;
using System.Xml.Linq;

namespace DeltaTune.Host.Options;

/// <summary>Reads what the XML documentation beside an assembly says of its properties.</summary>
internal sealed partial class XmlSummaries
{
    private readonly Dictionary<Assembly, Dictionary<string, XElement>> _members = [];

    /// <summary>Gets a property's summary and value as one text.</summary>
    /// <returns>Null where there is no documentation.</returns>
    public string? Of(PropertyInfo property)
    {
        Type owner = property.DeclaringType!;
        if (!Members(owner.Assembly).TryGetValue($"P:{owner.FullName!.Replace('+', '.')}.{property.Name}", out XElement? member))
        {
            return null;
        }

        string summary = Leading().Replace(Flatten(member.Element("summary")), "");
        string text = string.Join(" ", new[] { summary, Flatten(member.Element("value")) }.Where(t => t.Length > 0));
        return text.Length == 0 ? null : char.ToUpperInvariant(text[0]) + text[1..];
    }

    private Dictionary<string, XElement> Members(Assembly assembly)
    {
        if (!_members.TryGetValue(assembly, out Dictionary<string, XElement>? members))
        {
            string path = Path.ChangeExtension(assembly.Location, ".xml");
            members = [];
            try
            {
                if (File.Exists(path))
                {
                    members = XDocument.Load(path).Descendants("member").DistinctBy(m => (string?)m.Attribute("name")).ToDictionary(m => (string?)m.Attribute("name") ?? "");
                }
            }
            catch (XmlException)
            {
                // Descriptions are a courtesy: a schema without them is as right.
            }

            _members[assembly] = members;
        }

        return members;
    }

    private static string Flatten(XElement? element)
        => element is null ? "" : Spaces().Replace(string.Concat(element.Nodes().Select(Flatten)), " ").Trim();

    private static string Flatten(XNode node) => node switch
    {
        XText text => text.Value,
        XElement { Name.LocalName: "see" or "seealso" or "paramref" or "typeparamref" } reference => Reference(reference),
        XElement other => string.Concat(other.Nodes().Select(Flatten)),
        _ => "",
    };

    // A reference is shown by its last name, as a reader of JSON would not know the rest; an address is shown whole.
    private static string Reference(XElement reference)
    {
        string name = (string?)reference.Attribute("cref") ?? (string?)reference.Attribute("langword") ?? (string?)reference.Attribute("name") ?? "";
        return (string?)reference.Attribute("href") ?? name[(name.LastIndexOf('.') + 1)..];
    }

    [GeneratedRegex("^Gets (or sets )?")]
    private static partial Regex Leading();

    [GeneratedRegex(@"\s+")]
    private static partial Regex Spaces();
}
