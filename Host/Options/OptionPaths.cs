using System.Collections;
using System.Reflection;
using DeltaTune.Options;

namespace DeltaTune.Host.Options;

/// <summary>Makes the paths in options absolute.</summary>
/// <param name="runFolder">The run file's folder, absolute.</param>
/// <param name="applicationRoot">The folder that models and data are beside.</param>
/// <param name="problems">Takes what is not there.</param>
internal sealed class OptionPaths(string runFolder, string applicationRoot, List<RunProblem> problems)
{
    private readonly string[] _roots = [.. new[] { runFolder, Directory.GetCurrentDirectory(), Path.TrimEndingDirectorySeparator(applicationRoot) }.Distinct()];

    /// <summary>Resolves the properties marked with <see cref="PathOptionAttribute"/>, in an options object and those inside it, in lists too.</summary>
    /// <param name="options">Changed: no one else has seen it yet.</param>
    /// <param name="path">Where it stands.</param>
    public void Resolve(object options, string path)
    {
        foreach ((string key, PropertyInfo property) in OptionNames.Of(options.GetType()))
        {
            object? value = property.GetValue(options);
            string place = OptionShape.Join(path, key);
            if (property.GetCustomAttribute<PathOptionAttribute>() is { } mark)
            {
                if (value is string one)
                {
                    property.SetValue(options, Resolve(one, place, mark.MayBeMissing));
                }
                else if (value is IEnumerable<string> several)
                {
                    string[] found = [.. several.Select((p, i) => Resolve(p, $"{place}[{i}]", mark.MayBeMissing))];
                    property.SetValue(options, property.PropertyType.IsAssignableFrom(typeof(string[])) ? found : found.ToList());
                }
            }
            else if (value is not null && OptionShape.IsOptions(value.GetType()))
            {
                Resolve(value, place);
            }
            else if (value is IEnumerable items and not string)
            {
                foreach ((int i, object? item) in items.Cast<object?>().Index())
                {
                    if (item is not null && OptionShape.IsOptions(item.GetType()))
                    {
                        Resolve(item, $"{place}[{i}]");
                    }
                }
            }
        }
    }

    private string Resolve(string value, string place, bool mayBeMissing)
    {
        if (value.Length == 0)
        {
            return value;
        }

        string wanted = value.StartsWith("~/", StringComparison.Ordinal)
            ? Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), value[2..]) : value;
        if (_roots.Select(r => Path.GetFullPath(wanted, r)).FirstOrDefault(Path.Exists) is { } found)
        {
            return found;
        }

        if (!mayBeMissing && !problems.Exists(p => p.Path == place))
        {
            problems.Add(new RunProblem(place, Path.IsPathRooted(wanted)
                ? $"names no file or folder: '{value}' does not exist"
                : $"names no file or folder: '{value}' is not in {string.Join(" or ", _roots.Select(r => $"'{r}'"))}"));
        }

        return Path.GetFullPath(wanted, runFolder);
    }
}
