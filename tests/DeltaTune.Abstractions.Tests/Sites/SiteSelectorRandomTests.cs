using System.Text.RegularExpressions;
using DeltaTune.Sites;

namespace DeltaTune.Abstractions.Tests.Sites;

/// <summary>Random selectors against a second implementation: each pattern is translated into one regular expression over the whole path.</summary>
[TestFixture]
public sealed class SiteSelectorRandomTests
{
    private static readonly string[] s_words = ["layers", "attn", "q", "v", "ffn", "in", "enc", "a", "ab"];

    [Test]
    public void Selects_RandomPatterns_AgreesWithRegularExpressions([Range(0, 7)] int seed)
    {
        var random = new Random(seed);
        for (int round = 0; round < 500; round++)
        {
            var site = SiteLists.Linear(Path(random), Path(random), null);
            var patterns = Enumerable.Range(0, random.Next(1, 4)).Select(_ => Pattern(random)).ToList();
            bool[] excludes = [.. patterns.Select((_, i) => i > 0 && random.Next(3) == 0)];
            string text = string.Join(random.Next(2) == 0 ? "," : " ", patterns.Select((p, i) => (excludes[i] ? "!" : "") + p.Text));
            bool Hit(string expression) => Regex.IsMatch(site.Path, expression) || Regex.IsMatch(site.CheckpointPath, expression);
            bool expected = patterns.Where((p, i) => !excludes[i]).Any(p => Hit(p.Expression)) && !patterns.Where((p, i) => excludes[i]).Any(p => Hit(p.Expression));

            Assert.That(SiteSelector.Parse(text).Selects(site), Is.EqualTo(expected), $"'{text}' on '{site.Path}' and '{site.CheckpointPath}'");
        }
    }

    private static string Path(Random random)
        => string.Join('.', Enumerable.Range(0, random.Next(1, 6)).Select(_ => random.Next(3) == 0 ? $"{random.Next(13)}" : s_words[random.Next(s_words.Length)]));

    private static (string Text, string Expression) Pattern(Random random)
    {
        var parts = Enumerable.Range(0, random.Next(1, 4)).Select(_ => Segment(random, 2)).ToList();
        return (string.Join('.', parts.Select(p => p.Text)), $@"(^|\.){string.Join(@"\.", parts.Select(p => p.Expression))}$");
    }

    private static (string Text, string Expression) Segment(Random random, int depth)
    {
        string word = s_words[random.Next(s_words.Length)];
        int from = random.Next(8), to = from + random.Next(5);
        string numbers = $"({string.Join('|', Enumerable.Range(from, to - from + 1))})";
        switch (random.Next(depth > 0 ? 7 : 5))
        {
            case 0:
                return ("*", @"[^.]*");
            case 1:
                return ($"{word[..1]}*", $@"{word[..1]}[^.]*");
            case 2:
                return ($"{word}[{from}-{to}]", $@"{word}\.{numbers}");
            case 3:
                return ($"[{from}-{to}]", numbers);
            case 4:
                return (word, word);
            case 5:
                return ("**", @"[^.]+(\.[^.]+)*");
            default:
                var choices = Enumerable.Range(0, random.Next(1, 4)).Select(_ => Segment(random, depth - 1)).ToList();
                return ($"{{{string.Join(',', choices.Select(c => c.Text))}}}", $"({string.Join('|', choices.Select(c => c.Expression))})");
        }
    }
}
