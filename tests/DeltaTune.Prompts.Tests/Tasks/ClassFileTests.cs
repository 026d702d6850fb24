using DeltaTune.Prompts.Tasks;
using DeltaTune.Tasks;

namespace DeltaTune.Prompts.Tests.Tasks;

[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
internal sealed class ClassFileTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Test]
    public void Read_NamesAndObjects_BothAreClasses()
    {
        string path = _folder.Write("labels.json", """["bad", {"name": "good", "label_words": ["good", "great"], "description": "praise"}]""");

        IReadOnlyList<ClassInfo> classes = ClassFile.Read(path, "any");

        Assert.That(classes.Select(c => c.Name), Is.EqualTo(new[] { "bad", "good" }));
        Assert.That(classes.Select(c => string.Join('/', c.LabelWords)), Is.EqualTo(new[] { "bad", "good/great" }));
        Assert.That(classes[1].Description, Is.EqualTo("praise"));
    }

    [TestCase("""{"mr": ["bad"]}""", " must have the classes of 'sst2', but has only those of 'mr'")]
    [TestCase("[]", ", line 1 must be a list with at least one class")]
    [TestCase("[\"a\",\n\"a\"]", ", line 1 must have classes with different names, but 'a' comes more than once")]
    [TestCase("[\"a\",\n3]", ", line 2 must be a class's name or an object with 'name', 'label_words' and 'description', but is 3")]
    [TestCase("[{\"name\":\"a\",\n\"words\":[]}]", ", line 2 must be one of name, label_words, description, but is 'words'")]
    [TestCase("[{\"name\":\"a\",\"label_words\":\"b\"}]", ", line 1 must be a list of words, but is \"b\"")]
    public void Read_Wrong_SaysWhereAndWhatWasSeen(string json, string expected)
    {
        string path = _folder.Write("labels.json", json);

        Assert.That(() => ClassFile.Read(path, "sst2"), Throws.TypeOf<InvalidRunException>().With.Message.EqualTo(path + expected));
    }

    [Test]
    public void Read_NotJson_SaysTheLine()
    {
        string path = _folder.Write("labels.json", "[\n\"a\"\n");

        Assert.That(() => ClassFile.Read(path, "sst2"), Throws.TypeOf<InvalidRunException>().With.Message.Match("labels.json, line [23] must be JSON"));
    }
}
