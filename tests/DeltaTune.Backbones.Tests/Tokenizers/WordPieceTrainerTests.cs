using System.IO.Compression;
using System.Text;
using DeltaTune.Backbones.Tokenizers;
using DeltaTune.Text;

namespace DeltaTune.Backbones.Tests.Tokenizers;

public sealed class WordPieceTrainerTests
{
    [Test]
    public void Train_SmallText_AgreesWithCountingAnewAtEveryMerge()
    {
        var random = new Random(4);
        string[] stems = ["low", "newest", "wide", "aaaa", "banana", "abab", "ababa", "run", "unrun", "mississippi"];
        string[] lines = [.. Enumerable.Range(0, 400).Select(_ => string.Join(' ', Enumerable.Range(0, 8).Select(_ => stems[random.Next(stems.Length)] + stems[random.Next(stems.Length)])))];

        IReadOnlyList<string> actual = WordPieceTrainer.Train(lines, new WordPieceTrainerOptions { VocabularySize = 160 });

        Assert.That(actual, Is.EqualTo(TrainNaively(lines, 160, minimum: 2)));
        Assert.That(actual.Take(5), Is.EqualTo(new[] { "[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]" }));
    }

    [Test]
    public void Train_TextThatGivesLess_StopsAtTheMinimumCount()
    {
        IReadOnlyList<string> vocabulary = WordPieceTrainer.Train(["ab ab cd"], new WordPieceTrainerOptions { VocabularySize = 1000 });

        Assert.That(vocabulary.Skip(5), Is.EqualTo(new[] { "a", "b", "c", "d", "##b", "##d", "ab" }));
    }

    [Test]
    public void Save_TrainedVocabulary_LoadsAndEncodes()
    {
        string folder = SharedFiles.NewFolder();
        try
        {
            WordPieceTrainer.Save(folder, WordPieceTrainer.Train(["Playing played playing", "walking walked walking"], new WordPieceTrainerOptions { VocabularySize = 60 }));

            ITokenizer tokenizer = TokenizerLoader.Load(folder);

            Assert.That(tokenizer.Decode(tokenizer.Encode("played walking")), Is.EqualTo("played walking"));
            Assert.That(tokenizer.Encode("xyz"), Is.EqualTo(new[] { 1 }));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Test]
    [Category("Slow")]
    public void Train_CorpusOfFifteenMillionWords_TakesAboutAMinute()
    {
        var start = System.Diagnostics.Stopwatch.StartNew();

        IReadOnlyList<string> vocabulary = WordPieceTrainer.Train(
            Lines("data/text/corpus/wikipedia_en.txt.gz").Concat(Lines("data/text/corpus/imdb_unsup.txt.gz")), new WordPieceTrainerOptions { VocabularySize = 8192 });

        TestContext.Out.WriteLine($"{vocabulary.Count} tokens in {start.Elapsed.TotalSeconds:F1} s; the last: {string.Join(' ', vocabulary.TakeLast(10))}");
        Assert.That(vocabulary, Has.Count.EqualTo(8192).And.Contain("the").And.Contain("##ing"));
        Assert.That(start.Elapsed, Is.LessThan(TimeSpan.FromMinutes(3))); // two busy cores
    }

    private static IEnumerable<string> Lines(string relative)
    {
        using var reader = new StreamReader(new GZipStream(File.OpenRead(SharedFiles.Find(relative)), CompressionMode.Decompress), Encoding.UTF8);
        while (reader.ReadLine() is { } line)
        {
            yield return line;
        }
    }

    // The definition, without any bookkeeping: count all pairs, merge the most frequent, earliest born on ties.
    private static List<string> TrainNaively(string[] lines, int size, int minimum)
    {
        List<string> tokens = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"];
        var words = lines.SelectMany(line => line.Split(' ')).GroupBy(word => word)
            .Select(group => (Pieces: group.Key.Select((c, index) => index == 0 ? c.ToString() : "##" + c).ToList(), Count: group.Count())).ToList();
        tokens.AddRange(words.SelectMany(word => word.Pieces).Select(piece => piece.TrimStart('#')).Distinct().Order(StringComparer.Ordinal));
        tokens.AddRange(words.SelectMany(word => word.Pieces.Skip(1)).Distinct().Order(StringComparer.Ordinal));
        while (tokens.Count < size)
        {
            var best = words.SelectMany(word => word.Pieces.Zip(word.Pieces.Skip(1)).Select(pair => (pair, word.Count)))
                .GroupBy(item => item.pair, item => item.Count)
                .Select(group => (Pair: group.Key, Count: group.Sum()))
                .OrderByDescending(item => item.Count).ThenBy(item => tokens.IndexOf(item.Pair.First)).ThenBy(item => tokens.IndexOf(item.Pair.Second))
                .FirstOrDefault();
            if (best.Count < minimum)
            {
                break;
            }

            string merged = best.Pair.First + best.Pair.Second[2..];
            if (!tokens.Contains(merged))
            {
                tokens.Add(merged);
            }

            foreach (List<string> pieces in words.Select(word => word.Pieces))
            {
                for (int index = 0; index + 1 < pieces.Count; index++)
                {
                    if (pieces[index] == best.Pair.First && pieces[index + 1] == best.Pair.Second)
                    {
                        pieces[index] = merged;
                        pieces.RemoveAt(index + 1);
                    }
                }
            }
        }

        return tokens;
    }
}
