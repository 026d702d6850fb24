using System.Reflection;
using System.Runtime.Serialization;
using Newtonsoft.Json;
using Newtonsoft.Json.Converters;
using Newtonsoft.Json.Linq;
using Newtonsoft.Json.Serialization;

namespace DeltaTune.Host.Options;

/// <summary>How options are spelt in JSON: snake_case, unless an attribute says otherwise. Reading, writing and the schema all ask here.</summary>
internal static class OptionNames
{
    private static readonly SnakeCaseNamingStrategy Naming = new();

    /// <summary>Gets the serializer that options are read and written with.</summary>
    public static JsonSerializer Serializer { get; } = JsonSerializer.Create(new JsonSerializerSettings
    {
        ContractResolver = new DefaultContractResolver { NamingStrategy = Naming },
        Converters = { new StringEnumConverter(Naming, allowIntegerValues: false) },
        MissingMemberHandling = MissingMemberHandling.Error,
        ObjectCreationHandling = ObjectCreationHandling.Replace,
        DateParseHandling = DateParseHandling.None,
    });

    /// <summary>Gets the key of a property.</summary>
    public static string Of(PropertyInfo property)
        => property.GetCustomAttribute<JsonPropertyAttribute>()?.PropertyName ?? Naming.GetPropertyName(property.Name, false);

    /// <summary>Gets the keys of an options type, in the order of declaration, a base's first.</summary>
    public static IEnumerable<(string Key, PropertyInfo Property)> Of(Type options)
        => options.GetProperties(BindingFlags.Public | BindingFlags.Instance)
            .Where(p => p.SetMethod is { IsPublic: true } && p.GetIndexParameters().Length == 0 && p.GetCustomAttribute<JsonIgnoreAttribute>() is null)
            .Select(p => (Of(p), p));

    /// <summary>Gets the values of an enumeration.</summary>
    public static IEnumerable<string> OfEnum(Type type)
        => type.GetFields(BindingFlags.Public | BindingFlags.Static)
            .Select(f => f.GetCustomAttribute<EnumMemberAttribute>()?.Value ?? Naming.GetPropertyName(f.Name, false));

    /// <summary>Spells the key of a member that a validation rule named.</summary>
    public static string OfMember(Type options, string member)
        => options.GetProperty(member) is { } property ? Of(property) : Naming.GetPropertyName(member, false);

    /// <summary>Shows a value as it stands in a file, shortened where it is long.</summary>
    public static string Show(JToken value)
    {
        string text = value.ToString(Formatting.None);
        return text.Length <= 60 ? text : text[..57] + "...";
    }

    /// <summary>Shows a value of an option as it would stand in a file.</summary>
    public static string Show(object? value) => Show(value is null ? JValue.CreateNull() : JToken.FromObject(value, Serializer));
}
