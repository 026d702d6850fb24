using DeltaTune.Prompts.Tasks;
using DeltaTune.Tasks;

namespace DeltaTune.Prompts.Tests.Tasks;

[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
internal sealed class ExampleTableTests : IDisposable
{
    private static readonly ClassInfo[] Classes = [new("negative", ["bad"]), new("positive", ["good"])];
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Test]
    public void Read_NumbersAndNames_BothAreLabels()
    {
        string path = _folder.Write("train.tsv", "1\tgood film\nnegative\tbad film\r\n\n0\tworse film");

        List<Example> examples = ExampleTable.Read(path, Split.Train, ["text_a"], Classes);

        Assert.That(examples.Select(e => e.Label), Is.EqualTo(new int?[] { 1, 0, 0 }));
        Assert.That(examples.Select(e => e.Fields["text_a"]), Is.EqualTo(new[] { "good film", "bad film", "worse film" }));
        Assert.That(examples.Select(e => e.Id), Is.EqualTo(new[] { "train-1", "train-2", "train-4" }));
    }

    [Test]
    public void Read_Gzip_IsUnpacked()
    {
        string path = _folder.WriteGzip("dev.tsv.gz", "1\ttitle\tcafé\n");

        Example example = ExampleTable.Read(path, Split.Dev, ["title", "body"], Classes).Single();

        Assert.That(example.Fields, Is.EqualTo(new Dictionary<string, string> { ["title"] = "title", ["body"] = "café" }));
    }

    [TestCase("1\tgood\nno tab here\n", "line 2 must have 2 columns separated by tabs (label, text_a), but has 1: 'no tab here'")]
    [TestCase("1\tgood\tmore\n", "line 1 must have 2 columns separated by tabs (label, text_a), but has 3: '1\tgood\tmore'")]
    [TestCase("1\tgood\n2\tbad\n", "line 2 must begin with a class, a number from 0 to 1 or one of 'negative', 'positive', but begins with '2'")]
    [TestCase("Positive\tgood\n", "line 1 must begin with a class, a number from 0 to 1 or one of 'negative', 'positive', but begins with 'Positive'")]
    public void Read_WrongLine_SaysFileLineAndWhatWasSeen(string text, string expected)
    {
        string path = _folder.Write("train.tsv", text);

        Assert.That(() => ExampleTable.Read(path, Split.Train, ["text_a"], Classes),
            Throws.TypeOf<InvalidRunException>().With.Message.EqualTo($"{path}, {expected}"));
    }

    [Test]
    public void Read_Empty_IsAnError()
    {
        string path = _folder.Write("train.tsv", "\n");

        Assert.That(() => ExampleTable.Read(path, Split.Train, ["text_a"], Classes),
            Throws.TypeOf<InvalidRunException>().With.Message.EqualTo($"{path} must have one example a line, but is empty"));
    }

    [Test]
    public void Read_Missing_SaysThatThereIsNoFile()
    {
        string path = Path.Combine(_folder.Path, "none.tsv");

        Assert.That(() => ExampleTable.Read(path, Split.Train, ["text_a"], Classes),
            Throws.TypeOf<InvalidRunException>().With.Message.EqualTo($"{path} must be a table (.tsv or .tsv.gz), but there is no such file"));
    }

    [Test]
    public void Read_NotGzipDespiteItsName_SaysSo()
    {
        string path = _folder.Write("train.tsv.gz", "1\tgood\n");

        Assert.That(() => ExampleTable.Read(path, Split.Train, ["text_a"], Classes),
            Throws.TypeOf<InvalidRunException>().With.Message.StartsWith($"{path} must be one whole gzip stream, since its name ends in .gz, but is not: "));
    }

    [Test]
    public void Read_GzipCutShort_SaysSo()
    {
        string path = _folder.WriteGzip("train.tsv.gz", string.Concat(Enumerable.Range(0, 2000).Select(i => $"1\tgood {i * 7919}\n")));
        byte[] bytes = File.ReadAllBytes(path);
        File.WriteAllBytes(path, bytes[..(bytes.Length / 2)]);

        Assert.That(() => ExampleTable.Read(path, Split.Train, ["text_a"], Classes),
            Throws.TypeOf<InvalidRunException>().With.Message.EndsWith("as from a file cut short or glued from several"));
    }

    [Test]
    public void Read_Latin1Bytes_AreRefused()
    {
        string path = Path.Combine(_folder.Path, "latin.tsv");
        File.WriteAllBytes(path, [(byte)'1', (byte)'\t', 0xE9, (byte)'\n']);

        Assert.That(() => ExampleTable.Read(path, Split.Train, ["text_a"], Classes),
            Throws.TypeOf<InvalidRunException>().With.Message.EqualTo($"{path}, line 1 or soon after must be UTF-8, but has bytes that are not"));
    }
}
