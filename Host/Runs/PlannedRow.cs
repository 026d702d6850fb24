using Newtonsoft.Json;
using Newtonsoft.Json.Linq;

namespace DeltaTune.Host.Runs;

/// <summary>One row that a comparison will have: names, and what they set in the run file.</summary>
/// <param name="Names">One of each entry that variants are crossed with, in their order, then the variant's.</param>
/// <param name="Settings">By path, in the order in which they are made.</param>
internal sealed record PlannedRow(IReadOnlyList<string> Names, IReadOnlyList<JObject> Settings)
{
    /// <summary>Gets the row's name.</summary>
    public string Name => Join(Names);

    /// <summary>Gets the settings as <c>--set</c> takes them.</summary>
    public IEnumerable<string> Sets => Settings.SelectMany(s => s.Properties()).Select(p => $"{p.Name}={p.Value.ToString(Formatting.None)}");

    /// <summary>Gives the name of the row that differs from this one by the variant alone.</summary>
    /// <param name="variant">The other variant.</param>
    public string Beside(string variant) => Join([.. Names.SkipLast(1), variant]);

    /// <summary>Joins names to one.</summary>
    public static string Join(IEnumerable<string> names) => string.Join(" · ", names);
}
