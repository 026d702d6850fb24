using System.Diagnostics;
using DeltaTune.Prompts.Templates.Language;
using DeltaTune.Tasks;

namespace DeltaTune.Prompts.Tests.Templates.Language;

[TestFixture]
public sealed class TemplateRoundTripTests
{
    private const string Letters = " abc{}\"'\\:,\n\téß日\u00a0\0<>";

    private static readonly string[] Seeds =
    [
        "{\"placeholder\":\"text_a\"} it was {\"mask\"} .",
        "{\"soft\": \"the topic is\"} {\"placeholder\":\"text_a\"} {\"soft\": None, \"duplicate\": 3} it was {\"mask\"} {\"soft\"} .",
        "{'meta': 'premise', 'shortenable': True} {'soft': 'Does'} {'soft': 'the', 'soft_id': 1} first entail {'soft_id': 1} second?",
        "{\"placeholder\":\"text_a\", \"post_processing\": \"lower\"} {\"special\": \"<sep>\"} in {\"text\": \"a \\u00e9 \\\"b\\\"\"} {\"mask\"}",
    ];

    [Test]
    public void ToString_OfRandomPieces_ParsesToEqualOnes()
    {
        var random = new SplitMix64(17);
        for (int round = 0; round < 5000; round++)
        {
            TemplateNode[] nodes = [.. Enumerable.Range(0, 1 + Below(random, 6)).Select(_ => Node(random))];
            string printed = TemplatePrinter.Print(nodes);

            Assert.That(TemplateParser.Parse(printed).Nodes, Is.EqualTo(nodes), printed);
        }
    }

    [Test]
    public void Parse_MutatedTemplates_GivesAResultOrAMistake()
    {
        var random = new SplitMix64(23);
        int parsed = 0, mistakes = 0;
        var clock = Stopwatch.StartNew();
        for (int round = 0; round < 20_000; round++)
        {
            string text = Mutate(random, Seeds[round % Seeds.Length]);
            try
            {
                ParsedTemplate template = TemplateParser.Parse(text);
                Assert.That(TemplateParser.Parse(template.ToString()), Is.EqualTo(template), text);
                parsed++;
            }
            catch (InvalidRunException e)
            {
                Assert.That(e.Message, Does.Contain("column ").And.Contain("^"), text);
                mistakes++;
            }
        }

        Assert.That((parsed, mistakes), Is.EqualTo((20_000 - mistakes, mistakes)));
        Assert.That(parsed, Is.GreaterThan(1000));
        Assert.That(mistakes, Is.GreaterThan(1000));
        Assert.That(clock.Elapsed, Is.LessThan(TimeSpan.FromSeconds(20)));
    }

    private static int Below(SplitMix64 random, int bound) => (int)(random.Next() % (ulong)bound);

    private static string Text(SplitMix64 random, int least) => string.Concat(Enumerable.Range(0, least + Below(random, 6)).Select(_ => Letters[Below(random, Letters.Length)]));

    private static bool Coin(SplitMix64 random) => Below(random, 2) == 0;

    private static TemplateNode Node(SplitMix64 random)
    {
        string prefix = Coin(random) ? " " : "";
        string? function = Coin(random) ? "lower" : null;
        int? id = Coin(random) ? 1 + Below(random, 9) : null;
        int? duplicate = Coin(random) ? 1 + Below(random, 9) : null;
        return Below(random, 8) switch
        {
            0 => new PlaceholderNode(Text(random, 1), prefix, Coin(random), function),
            1 => new MetaNode(Text(random, 1), prefix, Coin(random), function),
            2 => new MaskNode(prefix),
            3 => new SpecialNode("eos", prefix),
            4 => new SoftNode(Text(random, 1), prefix, id),
            5 => new SoftNode("", prefix, id, duplicate, duplicate is not null && Coin(random)),
            6 => new TextNode(Text(random, 0), prefix, Coin(random)),
            _ => new TextNode(Text(random, 1), prefix),
        };
    }

    private static string Mutate(SplitMix64 random, string text)
    {
        for (int change = 1 + Below(random, 4); change > 0 && text.Length > 0; change--)
        {
            int at = Below(random, text.Length), length = Math.Min(Below(random, 6), text.Length - at);
            string inserted = Text(random, 0);
            text = Below(random, 4) switch
            {
                0 => text.Remove(at, length),
                1 => text.Insert(at, inserted),
                2 => text.Remove(at, length).Insert(at, inserted),
                _ => text.Insert(at, text.Substring(Below(random, text.Length - length + 1), length)),
            };
        }

        return text;
    }
}
