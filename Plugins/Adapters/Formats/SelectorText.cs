using System.Text.RegularExpressions;
using DeltaTune.Sites;

namespace DeltaTune.Adapters.Formats;

/// <summary>Writes chosen sites down as a selector that chooses just them.</summary>
internal static class SelectorText
{
    public static string For<TSite>(IEnumerable<TSite> chosen, IReadOnlyList<Site> all)
        where TSite : Site
        => string.Join(", ", chosen.Select(site =>
            all.Any(s => s is TSite && s.Path.EndsWith("." + site.Path, StringComparison.Ordinal))
                ? "re:" + Regex.Escape(site.Path) // another site's path ends the same way
                : site.Path));
}
