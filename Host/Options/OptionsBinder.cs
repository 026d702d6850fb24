using System.Reflection;
using DeltaTune.Host.Plugins;
using DeltaTune.Options;
using Newtonsoft.Json;
using Newtonsoft.Json.Linq;

namespace DeltaTune.Host.Options;

/// <summary>Reads one part of a run file into an options record, gathering every mistake.</summary>
/// <param name="paths">Makes paths absolute.</param>
/// <param name="components">Finds the components that options name.</param>
/// <param name="problems">Takes the mistakes; shared with <paramref name="paths"/>.</param>
internal sealed class OptionsBinder(OptionPaths paths, ComponentLookup components, List<RunProblem> problems)
{
    /// <summary>Binds.</summary>
    /// <param name="value">The part. Not changed.</param>
    /// <param name="options">The options type: its defaults stand for what the part leaves out.</param>
    /// <param name="path">Where the part stands: <c>deltas[0]</c>.</param>
    /// <param name="owner">Whose options they are: <c>the delta 'lora'</c>.</param>
    /// <returns>The options, complete even where mistakes were found; null where they cannot be made at all.</returns>
    public object? Bind(JObject value, Type options, string path, string owner)
    {
        var fitting = (JObject)value.DeepClone();
        new OptionShape(problems).Prune(fitting, options, path, owner);
        try
        {
            object bound = fitting.ToObject(options, OptionNames.Serializer)!;
            BindInside(bound, path);
            paths.Resolve(bound, path);
            new OptionRules(problems).Check(bound, path);
            return bound;
        }
        catch (Exception cause) when (cause is JsonException or ArgumentException or FormatException or OverflowException)
        {
            string place = cause is JsonSerializationException { Path.Length: > 0 } at ? OptionShape.Join(path, at.Path!) : path;
            problems.Add(new RunProblem(place, $"cannot be read: {cause.Message}"));
            return null;
        }
    }

    // A component that the options name has options of its own, with their own paths and limits.
    private void BindInside(object options, string path)
    {
        foreach ((string key, PropertyInfo property) in OptionNames.Of(options.GetType()))
        {
            string place = OptionShape.Join(path, key);
            if (property.GetCustomAttribute<ComponentOptionAttribute>() is { } part && property.GetValue(options) is ComponentChoice { Options: JObject given }
                && components.Find(given, part.Kind, place) is ({ } found, { } rest)
                && Bind(rest, found.OptionsType, place, $"the {KindNames.One(part.Kind)} '{found.Name}'") is { } bound)
            {
                property.SetValue(options, new ComponentChoice(found.Name, bound));
            }
        }
    }

    /// <summary>Binds a part whose type is known here.</summary>
    /// <inheritdoc cref="Bind(JObject, Type, string, string)"/>
    public T Bind<T>(JObject value, string path, string owner)
        where T : class, new()
        => (T?)Bind(value, typeof(T), path, owner) ?? new T();
}
