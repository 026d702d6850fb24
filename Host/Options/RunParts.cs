using DeltaTune.Deltas.Compositions;
using DeltaTune.Host.Plugins;
using Newtonsoft.Json.Linq;

namespace DeltaTune.Host.Options;

/// <summary>Takes the parts of a run file out of its JSON.</summary>
/// <param name="root">The file.</param>
/// <param name="components">Finds what the plugins provide.</param>
/// <param name="binder">Reads options.</param>
/// <param name="problems">Takes the mistakes.</param>
internal sealed class RunParts(JObject root, ComponentLookup components, OptionsBinder binder, List<RunProblem> problems)
{
    // Stands for the type that a saved delta's own file names.
    private static readonly ComponentDescriptor SavedDelta = new(ComponentKind.Delta, "from", "a delta that was trained before", "", typeof(DeltaTune.Deltas.Delta), typeof(SavedDeltaOptions));

    /// <summary>Reads a text.</summary>
    /// <returns>The text; null where it is missing or wrong.</returns>
    public string? Text(string key)
    {
        switch (root[key])
        {
            case null:
                return null;
            case JValue { Type: JTokenType.String } text when ((string)text!).Trim().Length > 0:
                return (string)text!;
            case { } wrong:
                problems.Add(new RunProblem(key, $"must be text, but is {OptionNames.Show(wrong)}"));
                return null;
        }
    }

    /// <summary>Reads an integer.</summary>
    /// <returns>The number; null where it is missing or wrong.</returns>
    public long? Integer(string key)
    {
        switch (root[key])
        {
            case null:
                return null;
            case JValue { Type: JTokenType.Integer, Value: long number }:
                return number;
            case { } wrong:
                problems.Add(new RunProblem(key, $"must be an integer of 64 bits, but is {OptionNames.Show(wrong)}"));
                return null;
        }
    }

    /// <summary>Reads a part whose options are the host's own.</summary>
    /// <returns>The options; the defaults where the part is missing or wrong.</returns>
    public T Section<T>(string key)
        where T : class, new()
    {
        switch (root[key])
        {
            case JObject part:
                return binder.Bind<T>(part, key, $"'{key}'");
            case { } wrong:
                problems.Add(new RunProblem(key, $"must be an object, but is {OptionNames.Show(wrong)}"));
                return new T();
            case null:
                return new T();
        }
    }

    /// <summary>Reads a component that stands under the name of its kind.</summary>
    /// <returns>The component; null where it is missing or wrong.</returns>
    public ComponentSpec? Component(ComponentKind kind, bool required)
    {
        string key = KindNames.One(kind);
        if (root[key] is { } value)
        {
            return Component(value, kind, key);
        }

        if (required)
        {
            problems.Add(new RunProblem(key, $"is required, such as \"{key}\": {{\"type\": \"{components.Names(kind).FirstOrDefault() ?? "..."}\"}}; {NearestNames.Hint("", components.Names(kind))}"));
        }

        return null;
    }

    /// <summary>Reads the deltas. Each has a name, its type where it gives none; no name stands twice.</summary>
    public IReadOnlyList<ComponentSpec> Deltas()
    {
        if (root["deltas"] is not JArray list)
        {
            if (root["deltas"] is { } wrong)
            {
                problems.Add(new RunProblem("deltas", $"must be a list of objects, but is {OptionNames.Show(wrong)}"));
            }

            return [];
        }

        var deltas = new List<ComponentSpec>();
        for (int i = 0; i < list.Count; i++)
        {
            string path = $"deltas[{i}]";
            if ((list[i] is JObject entry && entry.ContainsKey("from") ? Saved(entry, path) : Component(list[i], ComponentKind.Delta, path)) is { } delta)
            {
                if (deltas.Find(d => d.Name == delta.Name) is { } same)
                {
                    problems.Add(new RunProblem($"{delta.Path}.name", $"'{delta.Name}' is the name of {same.Path} already; give one of them another \"name\""));
                }

                deltas.Add(delta);
            }
        }

        return deltas;
    }

    /// <summary>Reads how the deltas act together. Every delta stands in it, once.</summary>
    /// <param name="deltas">As read.</param>
    /// <returns>The composition; null where there is none, or it is wrong.</returns>
    public Composition? Composition(IReadOnlyList<ComponentSpec> deltas)
    {
        if (root["composition"] is not { } value)
        {
            return null;
        }

        try
        {
            Composition read = DeltaTune.Deltas.Compositions.Composition.FromJson(value);
            if (!problems.Exists(p => p.Path.StartsWith("deltas", StringComparison.Ordinal))) // else names may be missing for that reason
            {
                CompositionCheck.Names(read, [.. deltas.Select(d => d.Name)]);
            }

            return read;
        }
        catch (InvalidRunException found)
        {
            problems.AddRange(found.Problems);
            return null;
        }
    }

    // A delta that was trained before: its folder says the rest.
    private ComponentSpec? Saved(JObject entry, string path)
    {
        if (entry["type"] is { } type)
        {
            problems.Add(new RunProblem($"{path}.type", $"must be left out beside \"from\", whose folder says the method, but is {OptionNames.Show(type)}"));
            return null;
        }

        var rest = (JObject)entry.DeepClone();
        string? name = DeltaName(rest, path);
        var options = binder.Bind<SavedDeltaOptions>(rest, path, "a saved delta");
        if (options.From.Length == 0)
        {
            return null; // told already
        }

        if (name is null && !entry.ContainsKey("name"))
        {
            name = Path.GetFileName(Path.TrimEndingDirectorySeparator(options.From));
            if (!IsFolderName(name))
            {
                problems.Add(new RunProblem($"{path}.name", $"is required, since the folder's own, '{name}', is no name of letters, digits, '-', '_' or spaces"));
            }
        }

        var source = new JObject { ["from"] = options.From, ["name"] = name, ["train"] = options.Train };
        return new ComponentSpec(SavedDelta, name ?? "", options, source, path);
    }

    // Takes the name out. Null where there is none, or it is wrong.
    private string? DeltaName(JObject rest, string path)
    {
        if (rest["name"] is not { } given)
        {
            return null;
        }

        string? name = given is JValue { Type: JTokenType.String } text ? (string)text! : null;
        if (!IsFolderName(name))
        {
            problems.Add(new RunProblem($"{path}.name", $"must be letters, digits, '-', '_' or spaces, since a folder is named so, but is {OptionNames.Show(given)}"));
        }

        rest.Remove("name");
        return name;
    }

    private ComponentSpec? Component(JToken value, ComponentKind kind, string path)
    {
        if (components.Find(value, kind, path) is not ({ } found, { } rest))
        {
            return null;
        }

        string? name = kind == ComponentKind.Delta ? DeltaName(rest, path) : null;
        if (binder.Bind(rest, found.OptionsType, path, $"the {KindNames.One(kind)} '{found.Name}'") is not { } options)
        {
            return null;
        }

        var source = new JObject { ["type"] = found.Name };
        if (kind == ComponentKind.Delta)
        {
            source["name"] = name ?? found.Name;
        }

        source.Merge(JObject.FromObject(options, OptionNames.Serializer));
        return new ComponentSpec(found, name ?? found.Name, options, source, path);
    }

    private static bool IsFolderName(string? name)
        => name is { Length: > 0 and <= 100 } && name.Trim() == name && name.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or ' ');
}
