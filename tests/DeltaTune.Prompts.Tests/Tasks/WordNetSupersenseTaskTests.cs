using System.IO.Compression;
using DeltaTune.Prompts.Tasks;
using DeltaTune.Tasks;

namespace DeltaTune.Prompts.Tests.Tasks;

internal sealed class WordNetSupersenseTaskTests
{
    // lexnames(5WN): the noun files 04 to 28
    private static readonly string[] LexicographerFiles =
    [
        "act", "animal", "artifact", "attribute", "body", "cognition", "communication", "event", "feeling", "food", "group", "location", "motive",
        "object", "person", "phenomenon", "plant", "possession", "process", "quantity", "relation", "shape", "state", "substance", "time",
    ];

    [Test]
    public void Classes_ShippedFile_AreTheLexicographerFilesWithWordsOfTheirOwn()
    {
        IReadOnlyList<ClassInfo> classes = new WordNetSupersenseTask(new WordNetSupersenseOptions()).Classes;

        Assert.That(classes.Select(c => c.Name), Is.EqualTo(LexicographerFiles));
        Assert.That(classes.Select(c => c.LabelWords.Count), Is.All.GreaterThan(0));
        Assert.That(classes.SelectMany(c => c.LabelWords), Is.Unique);
        Assert.That(classes.SelectMany(c => c.LabelWords), Is.All.Matches("^[a-z]+$"));
        Assert.That(classes.Select(c => c.Description), Is.All.Not.Empty);
    }

    [TestCase(Split.Train, 20_000)]
    [TestCase(Split.Dev, 2_000)]
    [TestCase(Split.Test, 4_000)]
    public void Read_EachSplit_HasItsRowsAndAllClasses(Split split, int rows)
    {
        IReadOnlyList<Example> examples = new WordNetSupersenseTask(new WordNetSupersenseOptions()).Read(split);

        Assert.That(examples, Has.Count.EqualTo(rows));
        Assert.That(examples.Select(e => e.Label).Distinct().Count(), Is.EqualTo(25));
        Assert.That(examples.Select(e => e.Fields["gloss"]), Is.All.Not.Empty);
        Assert.That(examples.Select(e => e.Id), Is.Unique);
    }

    [TestCase("train", "dev")]
    [TestCase("train", "test")]
    [TestCase("dev", "test")]
    public void ShippedTables_TwoSplits_ShareNoLemmaAndNoGloss(string one, string other)
    {
        string[][] first = Rows($"supersense.{one}.tsv.gz"), second = Rows($"supersense.{other}.tsv.gz");

        foreach (int column in (int[])[1, 2])
        {
            Assert.That(first.Select(r => r[column].ToLowerInvariant()).Intersect(second.Select(r => r[column].ToLowerInvariant())), Is.Empty);
        }
    }

    [TestCase("dev")]
    [TestCase("test")]
    public void ShippedCorpus_LemmasOfHeldOutRows_AreNowhereDefined(string split)
    {
        HashSet<string> heldOut = [.. Rows($"supersense.{split}.tsv.gz").Select(r => r[1].ToLowerInvariant())];

        string[] defined = [.. Lines("glosses.txt.gz").Select(l => l[..l.IndexOf(": ", StringComparison.Ordinal)].ToLowerInvariant())];

        Assert.That(defined, Has.Length.EqualTo(101_811));
        Assert.That(defined.Where(heldOut.Contains), Is.Empty);
    }

    [Test]
    public void ShippedTables_EveryLemmaOfAChosenSynset_IsInOneSplitOnly()
    {
        const string Database = "/usr/share/wordnet/data.noun"; // where Debian's wordnet-base has it
        if (!File.Exists(Database)) { Assert.Ignore($"{Database} absent"); }
        ILookup<string, (string Gloss, string[] Lemmas)> synsets = File.ReadLines(Database).Where(l => l[0] != ' ').Select(Synset).ToLookup(s => s.Lemmas[0]);

        HashSet<string>[] lemmas = [.. ((string[])["train", "dev", "test"]).Select(split => Rows($"supersense.{split}.tsv.gz")
            .SelectMany(r => synsets[r[1]].Where(s => s.Gloss.StartsWith(r[2], StringComparison.Ordinal)))
            .SelectMany(s => s.Lemmas.Select(l => l.ToLowerInvariant())).ToHashSet())];

        Assert.That(lemmas.Select(l => l.Count), Is.All.GreaterThan(2_000));
        Assert.That(lemmas[0].Intersect(lemmas[1]), Is.Empty);
        Assert.That(lemmas[0].Intersect(lemmas[2]), Is.Empty);
        Assert.That(lemmas[1].Intersect(lemmas[2]), Is.Empty);
    }

    [Test]
    public void Read_SixteenShots_TakesSixteenOfEachClassAndDisjointDev()
    {
        var task = new WordNetSupersenseTask(new WordNetSupersenseOptions { Sampling = new() { Shots = 16, DevShots = 16, Seed = 1 } });

        IReadOnlyList<Example> train = task.Read(Split.Train), dev = task.Read(Split.Dev);

        Assert.That(train.GroupBy(e => e.Label).Select(g => g.Count()), Is.EqualTo(Enumerable.Repeat(16, 25)));
        Assert.That(dev.GroupBy(e => e.Label).Select(g => g.Count()), Is.EqualTo(Enumerable.Repeat(16, 25)));
        Assert.That(train.Select(e => e.Id).Intersect(dev.Select(e => e.Id)), Is.Empty);
        Assert.That(task.Read(Split.Test), Has.Count.EqualTo(4_000));
    }

    [Test]
    public void Read_FolderWithoutData_SaysWhichFile()
    {
        using var folder = new TemporaryFolder();
        var task = new WordNetSupersenseTask(new WordNetSupersenseOptions { Data = folder.Path });

        Assert.That(() => task.Read(Split.Train), Throws.TypeOf<InvalidRunException>().With.Message.StartsWith(
            $"{Path.Combine(folder.Path, "labels.json")} must be a JSON file with the classes, but could not be read"));
    }

    [Test]
    public void ShippedReadme_Counts_AreThoseOfTheTables()
    {
        string readme = File.ReadAllText(Path.Combine(DataFolder.Find("wordnet"), "README.md"));
        Dictionary<string, int>[] counts = [.. ((string[])["train", "dev", "test"])
            .Select(s => Rows($"supersense.{s}.tsv.gz").GroupBy(r => r[0]).ToDictionary(g => g.Key, g => g.Count()))];

        foreach (string name in LexicographerFiles)
        {
            Assert.That(readme, Does.Contain($"| {name} | {counts[0][name]} | {counts[1][name]} | {counts[2][name]} |"));
        }
    }

    private static (string Gloss, string[] Lemmas) Synset(string line)
    {
        string[] fields = line.Split(' ');
        int words = Convert.ToInt32(fields[3], 16);
        string gloss = string.Join(' ', line[(line.IndexOf(" | ", StringComparison.Ordinal) + 3)..].Split(' ', StringSplitOptions.RemoveEmptyEntries));
        return (gloss, [.. Enumerable.Range(0, words).Select(i => fields[4 + (2 * i)].Replace('_', ' '))]);
    }

    private static string[][] Rows(string name) => [.. Lines(name).Select(l => l.Split('\t'))];

    private static IEnumerable<string> Lines(string name)
    {
        using var reader = new StreamReader(new GZipStream(File.OpenRead(Path.Combine(DataFolder.Find("wordnet"), name)), CompressionMode.Decompress));
        while (reader.ReadLine() is string line) { yield return line; }
    }
}
