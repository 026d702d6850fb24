using DeltaTune.Prompts;
using Newtonsoft.Json.Linq;

namespace DeltaTune.Host.Tests.Commands;

internal sealed class ListCommandTests
{
    [Test]
    public void List_OfKnowledge_HasEachSourceOnce()
    {
        using var runner = new CommandRunner(builder => builder.AddKnowledgeSource<Thesaurus>());

        int code = runner.Run("list", "knowledge");

        Assert.That(code, Is.Zero, runner.Error);
        Assert.That(runner.Output.Split(Environment.NewLine, StringSplitOptions.RemoveEmptyEntries), Is.EqualTo(new[]
        {
            "knowledge", "  thesaurus  words related to label words, for a verbalizer's knowledge.type", "  wordnet    words related to label words, for a verbalizer's knowledge.type",
        }));
    }

    [TestCase("", true)]
    [TestCase("verbalizers", false)]
    public void List_AsJson_HasKnowledgeWhereItIsAskedFor(string kind, bool expected)
    {
        using var runner = new CommandRunner();

        int code = runner.Run(["list", "--json", .. kind.Length > 0 ? [kind] : Array.Empty<string>()]);

        Assert.That(code, Is.Zero, runner.Error);
        var listed = JArray.Parse(runner.Output);
        Assert.That(listed.Any(c => (string?)c["kind"] == "knowledge" && (string?)c["name"] == "wordnet" && (string?)c["plugin"] == "DeltaTune.Prompts"), Is.EqualTo(expected));
        Assert.That(listed.Any(c => (string?)c["kind"] == "verbalizer"), Is.True);
    }

    private sealed class Thesaurus : IKnowledgeSource
    {
        public string Name => "thesaurus";

        public IEnumerable<string> Related(IReadOnlyList<string> words, KnowledgeOptions options) => [];
    }
}
