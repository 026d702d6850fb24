using DeltaTune.Host.Plugins;
using Newtonsoft.Json.Linq;

namespace DeltaTune.Host.Options;

/// <summary>Finds the component that a part of a run file names by its <c>type</c>.</summary>
/// <param name="components">What the plugins provide.</param>
/// <param name="problems">Takes the mistakes.</param>
internal sealed class ComponentLookup(IReadOnlyList<ComponentDescriptor> components, List<RunProblem> problems)
{
    /// <summary>Finds it.</summary>
    /// <param name="value">The part.</param>
    /// <param name="kind">The kind that is wanted.</param>
    /// <param name="path">Where the part stands.</param>
    /// <returns>The component, and a copy of the part without its type; null where it is wrong.</returns>
    public (ComponentDescriptor Component, JObject Options)? Find(JToken value, ComponentKind kind, string path)
    {
        string one = KindNames.One(kind);
        if (value is not JObject part)
        {
            problems.Add(new RunProblem(path, $"must be an object with a \"type\", but is {OptionNames.Show(value)}"));
            return null;
        }

        if (part["type"] is not JValue { Type: JTokenType.String } type)
        {
            problems.Add(new RunProblem($"{path}.type", part["type"] is { } wrong
                ? $"must be the name of a {one}, but is {OptionNames.Show(wrong)}"
                : $"is required: the name of a {one}; {NearestNames.Hint("", Names(kind))}"));
            return null;
        }

        string wanted = (string)type!;
        ComponentDescriptor? found = components.FirstOrDefault(c => c.Kind == kind && c.Name.Equals(wanted, StringComparison.OrdinalIgnoreCase));
        if (found is null)
        {
            problems.Add(new RunProblem($"{path}.type", $"'{wanted}' is not a {one}; {NearestNames.Hint(wanted, Names(kind))}"));
            return null;
        }

        var rest = (JObject)part.DeepClone();
        rest.Remove("type");
        return (found, rest);
    }

    /// <summary>The names that there are.</summary>
    public IEnumerable<string> Names(ComponentKind kind) => components.Where(c => c.Kind == kind).Select(c => c.Name);
}
