using System.Collections;
using System.Reflection;
using System.Runtime.CompilerServices;
using Newtonsoft.Json;
using Newtonsoft.Json.Linq;

namespace DeltaTune.Host.Options;

/// <summary>Compares JSON with the shape of an options type: keys and kinds of value. All differences are found, not the first.</summary>
/// <param name="problems">Takes what is found.</param>
internal sealed class OptionShape(List<RunProblem> problems)
{
    private static readonly Type[] Integers = [typeof(int), typeof(long), typeof(short), typeof(byte), typeof(uint), typeof(ulong), typeof(ushort), typeof(sbyte)];
    private static readonly Type[] Fractions = [typeof(double), typeof(float), typeof(decimal)];

    /// <summary>Checks an object, and takes out of it what does not fit, so that the rest can be read.</summary>
    /// <param name="value">Changed.</param>
    /// <param name="options">The options type.</param>
    /// <param name="path">Where the object stands.</param>
    /// <param name="owner">Whose options they are: <c>the delta 'lora'</c>.</param>
    public void Prune(JObject value, Type options, string path, string owner)
    {
        (string Key, PropertyInfo Property)[] known = [.. OptionNames.Of(options)];
        foreach (JProperty entry in value.Properties().ToArray())
        {
            string place = Join(path, entry.Name);
            PropertyInfo? property = known.FirstOrDefault(k => k.Key == entry.Name).Property;
            if (property is null)
            {
                problems.Add(new RunProblem(place, $"is not an option of {owner}; {NearestNames.Hint(entry.Name, known.Select(k => k.Key))}"));
                entry.Remove();
            }
            else if (entry.Value.Type == JTokenType.Null && !MayBeNull(property))
            {
                problems.Add(new RunProblem(place, $"must be {Describe(property.PropertyType)}, but is null; leave it out for its default"));
                entry.Remove();
            }
            else if (property.GetCustomAttribute<JsonConverterAttribute>() is null && !Fits(entry.Value, property.PropertyType, place, owner))
            {
                entry.Remove();
            }
        }

        foreach ((string key, PropertyInfo property) in known)
        {
            string place = Join(path, key);
            if (property.IsDefined(typeof(RequiredMemberAttribute)) && !value.ContainsKey(key) && !problems.Exists(p => p.Path == place))
            {
                problems.Add(new RunProblem(place, $"is required: {owner} has no default for it"));
            }
        }
    }

    /// <summary>Describes what a type takes: <c>an integer</c>.</summary>
    public static string Describe(Type type)
    {
        type = Nullable.GetUnderlyingType(type) ?? type;
        return Integers.Contains(type) ? "an integer"
            : Fractions.Contains(type) ? "a number"
            : type == typeof(bool) ? "true or false"
            : type == typeof(string) ? "text"
            : type.IsEnum ? $"one of {string.Join(", ", OptionNames.OfEnum(type).Select(v => $"\"{v}\""))}"
            : ValueType(type) is not null ? "an object"
            : ElementType(type) is { } element ? $"a list, each {Describe(element)}"
            : "an object";
    }

    /// <summary>Gets the values' type of a dictionary with text keys; null for any other type.</summary>
    public static Type? ValueType(Type type) => Generic(type, typeof(IReadOnlyDictionary<,>), typeof(IDictionary<,>)) is [{ } key, { } value] && key == typeof(string) ? value : null;

    /// <summary>Gets the elements' type of a list; null for any other type.</summary>
    public static Type? ElementType(Type type) => type == typeof(string) || ValueType(type) is not null ? null : Generic(type, typeof(IEnumerable<>)) is [{ } element] ? element : null;

    /// <summary>Tells whether the type is a record of options itself.</summary>
    public static bool IsOptions(Type type)
        => type.IsClass && type != typeof(string) && type != typeof(object) && !typeof(JToken).IsAssignableFrom(type) && !typeof(IEnumerable).IsAssignableFrom(type)
            && type.GetCustomAttribute<JsonConverterAttribute>() is null && !type.IsAbstract;

    /// <summary>Tells whether a file may give null for a property.</summary>
    public static bool MayBeNull(PropertyInfo property)
        => property.PropertyType.IsValueType
            ? Nullable.GetUnderlyingType(property.PropertyType) is not null
            : new NullabilityInfoContext().Create(property).WriteState != NullabilityState.NotNull;

    /// <summary>Joins a path and a key as JSON paths are written.</summary>
    public static string Join(string path, string key)
    {
        string shown = key.Length > 0 && key.All(c => char.IsLetterOrDigit(c) || c is '_' or '$' or '-') ? key : $"['{key}']";
        return path.Length == 0 || shown[0] == '[' ? path + shown : $"{path}.{shown}";
    }

    private static Type[] Generic(Type type, params Type[] definitions)
        => type.GetInterfaces().Prepend(type).FirstOrDefault(i => i.IsGenericType && definitions.Contains(i.GetGenericTypeDefinition()))?.GetGenericArguments() ?? [];

    private bool Fits(JToken value, Type type, string path, string owner)
    {
        if (type == typeof(object) || type.IsInstanceOfType(value))
        {
            return true; // JSON as it is
        }

        if (Nullable.GetUnderlyingType(type) is { } inner)
        {
            return value.Type == JTokenType.Null || Fits(value, inner, path, owner);
        }

        if (value.Type == JTokenType.Null && !type.IsValueType)
        {
            return true; // whether a property takes null was asked before
        }

        if (value is JObject entries && ValueType(type) is { } valueType)
        {
            return entries.Properties().ToArray().Select(e => Fits(e.Value, valueType, Join(path, e.Name), owner)).ToArray().All(f => f);
        }

        if (value is JArray items && ElementType(type) is { } element)
        {
            return items.Select((item, i) => Fits(item, element, $"{path}[{i}]", owner)).ToArray().All(f => f);
        }

        if (value is JObject nested && IsOptions(type))
        {
            Prune(nested, type, path, $"'{path}'");
            return true;
        }

        bool fits = Integers.Contains(type) ? value.Type == JTokenType.Integer && CanRead(value, type)
            : Fractions.Contains(type) ? value.Type is JTokenType.Integer or JTokenType.Float
            : type == typeof(bool) ? value.Type == JTokenType.Boolean
            : type == typeof(string) ? value.Type == JTokenType.String
            : type.IsEnum ? value.Type == JTokenType.String && OptionNames.OfEnum(type).Contains((string)value!, StringComparer.OrdinalIgnoreCase)
            : (typeof(JToken).IsAssignableFrom(type) || ElementType(type) is null) && !IsOptions(type) && CanRead(value, type);
        if (!fits)
        {
            string hint = type.IsEnum && value.Type == JTokenType.String && NearestNames.Find((string)value!, OptionNames.OfEnum(type)).FirstOrDefault() is { } near
                ? $"; nearest: \"{near}\"" : "";
            problems.Add(new RunProblem(path, $"must be {Describe(type)}, but is {OptionNames.Show(value)}{hint}"));
        }

        return fits;
    }

    private static bool CanRead(JToken value, Type type)
    {
        if (typeof(JToken).IsAssignableFrom(type))
        {
            return false; // another kind of JSON was asked for
        }

        try
        {
            value.ToObject(type, OptionNames.Serializer);
            return true;
        }
        catch (Exception cause) when (cause is JsonException or OverflowException or FormatException or ArgumentException or InvalidCastException)
        {
            return false;
        }
    }
}
