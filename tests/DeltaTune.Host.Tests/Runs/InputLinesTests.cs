using DeltaTune.Host.Runs;

namespace DeltaTune.Host.Tests.Runs;

internal sealed class InputLinesTests
{
    private static readonly string[] Fields = ["lemma", "gloss"];
    private static readonly InputLines Lines = new(Fields, "words.txt");

    [TestCase("a plain text", "a plain text", "")]
    [TestCase("dog\tan animal", "dog", "an animal")]
    [TestCase("{\"gloss\": \"an animal\", \"lemma\": \"dog\"}", "dog", "an animal")]
    [TestCase("{\"gloss\": \"an animal\"}", "", "an animal")]
    public void Parse_OfALine_FillsTheFields(string line, string lemma, string gloss)
        => Assert.That(Lines.Parse(line, 3).Fields, Is.EqualTo(new Dictionary<string, string> { ["lemma"] = lemma, ["gloss"] = gloss }));

    [TestCase("a\tb\tc", "words.txt:3 must have at most 2 columns (lemma, gloss), but has 3")]
    [TestCase("{\"word\": \"dog\"}", "words.txt:3 has a field 'word', which the task has not; its fields are lemma, gloss")]
    public void Parse_OfAWrongLine_SaysWhatIsWrong(string line, string message)
        => Assert.That(() => Lines.Parse(line, 3), Throws.TypeOf<InvalidRunException>().With.Message.EqualTo(message));

    [Test]
    public void Read_OfManyLines_GivesAllInOrder()
    {
        using var input = new StringReader(string.Join("\n", Enumerable.Range(0, 1000).Select(i => i % 10 == 0 ? "" : $"text {i}")));

        string[] ids = [.. Lines.Read(input, 16, CancellationToken.None).SelectMany(g => g).Select(e => e.Id)];

        Assert.That(ids, Is.EqualTo(Enumerable.Range(0, 1000).Where(i => i % 10 != 0).Select(i => $"line-{i + 1}")));
    }
}
