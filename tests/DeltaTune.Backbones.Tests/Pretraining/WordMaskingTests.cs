using DeltaTune.Backbones.Pretraining;
using DeltaTune.Backbones.Tokenizers;
using DeltaTune.Tasks;
using DeltaTune.Text;

namespace DeltaTune.Backbones.Tests.Pretraining;

/// <summary>What is masked, and how.</summary>
[TestFixture]
public sealed class WordMaskingTests
{
    // Ids 0 to 4 are special; 5 to 84 are words, 85 to 104 go on with a word.
    private static readonly ITokenizer Tokenizer = MakeTokenizer();

    [Test]
    public void Apply_ManyRows_KeepsTheSharesOfThePaper()
    {
        var masking = new WordMasking(Tokenizer, 0.15, wholeWord: false);
        int masked = 0, kept = 0, changed = 0, total = 0;
        for (ulong seed = 0; seed < 400; seed++)
        {
            long[] row = [2, .. Enumerable.Range(5, 80).Select(i => (long)i), 3, 0, 0];
            long[] before = [.. row];
            List<int> columns = [];
            List<long> labels = [];

            masking.Apply(row, new SplitMix64(seed), columns, labels);

            Assert.That(labels, Is.EqualTo(columns.Select(c => before[c])));
            Assert.That(columns, Is.Ordered.And.Unique);
            Assert.That(Enumerable.Range(0, row.Length).Where(c => row[c] != before[c]), Is.SubsetOf(columns));
            total += columns.Count;
            masked += columns.Count(c => row[c] == 4);
            kept += columns.Count(c => row[c] == before[c]);
            changed += columns.Count(c => row[c] != before[c] && row[c] != 4);
        }

        // 4800 draws: three standard deviations are 0.017 for the mask and 0.013 for the others.
        Assert.That(total, Is.EqualTo(400 * 12)); // 15 % of 80
        Assert.That((double)masked / total, Is.EqualTo(0.8).Within(0.018));
        Assert.That((double)kept / total, Is.EqualTo(0.1).Within(0.013));
        Assert.That((double)changed / total, Is.EqualTo(0.1).Within(0.013));
    }

    [Test]
    public void Apply_WholeWords_ChoosesAllPiecesOfAWordOrNone()
    {
        var masking = new WordMasking(Tokenizer, 0.3, wholeWord: true);
        long[] before = [2, 5, 85, 86, 6, 87, 7, 8, 88, 89, 90, 9, 10, 3, 0];
        int[][] words = [[1, 2, 3], [4, 5], [6], [7, 8, 9, 10], [11], [12]];
        for (ulong seed = 0; seed < 200; seed++)
        {
            List<int> columns = [];

            masking.Apply([.. before], new SplitMix64(seed), columns, []);

            Assert.That(columns, Has.Count.InRange(1, 4)); // 30 % of 12 tokens
            Assert.That(words.Where(word => word.Any(columns.Contains)).Select(word => word.All(columns.Contains)), Is.All.True, $"seed {seed}");
        }
    }

    [Test]
    public void Apply_NothingToPredict_ChoosesNothing()
    {
        List<int> columns = [];

        new WordMasking(Tokenizer, 0.15, wholeWord: true).Apply([2, 3, 0, 0], new SplitMix64(1), columns, []);

        Assert.That(columns, Is.Empty);
    }

    private static ITokenizer MakeTokenizer()
    {
        string folder = SharedFiles.NewFolder();
        try
        {
            string[] special = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"];
            File.WriteAllLines(Path.Combine(folder, "vocab.txt"),
                special.Concat(Enumerable.Range(0, 80).Select(i => $"w{i}")).Concat(Enumerable.Range(0, 20).Select(i => $"##p{i}")));
            return TokenizerLoader.Load(folder);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
