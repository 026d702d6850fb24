using System.Text.RegularExpressions;

namespace DeltaTune.Architecture.Tests.Sample;

/// <summary>The code in docs/plugins.md is the sample's, which is compiled and tested here.</summary>
public sealed partial class PluginGuideTests
{
    [Test]
    public void Guide_EveryBlockOfCode_StandsInTheSample()
    {
        string root = Repository.Root;
        string[] sources = [.. Directory.GetFiles(Path.Combine(root, "samples", "plugin")).Select(static f => Spaces().Replace(File.ReadAllText(f), " "))];
        string guide = File.ReadAllText(Path.Combine(root, "docs", "plugins.md"));

        string[] blocks = [.. Block().Matches(guide).Select(static m => m.Groups[1].Value)];

        Assert.That(blocks, Is.Not.Empty);
        Assert.That(blocks.Where(b => !sources.Any(s => s.Contains(Spaces().Replace(b, " ").Trim(), StringComparison.Ordinal))), Is.Empty);
    }

    [GeneratedRegex(@"^```(?:csharp|xml)\n(.*?)^```", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Block();

    [GeneratedRegex(@"\s+")]
    private static partial Regex Spaces();
}
