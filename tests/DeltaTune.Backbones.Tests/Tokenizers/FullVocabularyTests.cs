using DeltaTune.Backbones.Tokenizers;
using DeltaTune.Text;

namespace DeltaTune.Backbones.Tests.Tokenizers;

/// <summary>The published vocabularies, with ids that the documentation of transformers prints.</summary>
public sealed class FullVocabularyTests
{
    private string _folder = "";

    [SetUp]
    public void MakeFolder() => _folder = SharedFiles.NewFolder();

    [TearDown]
    public void RemoveFolder() => Directory.Delete(_folder, recursive: true);

    [TestCase("Hello, world!", new[] { 7592, 1010, 2088, 999 })]
    [TestCase("John Johanson's house", new[] { 2198, 13093, 3385, 1005, 1055, 2160 })]
    public void Encode_BertBaseUncased_GivesPublishedIds(string text, int[] expected)
    {
        ITokenizer tokenizer = Bert();

        Assert.That(tokenizer.Encode(text), Is.EqualTo(expected));
        Assert.That(tokenizer.VocabularySize, Is.EqualTo(30522));
        Assert.That(tokenizer.WithSpecials([]), Is.EqualTo(new[] { 101, 102 }));
    }

    [TestCase("Caf\u00E9 NA\u00CFVE", "cafe naive")]
    [TestCase("\u4E2D\u56FD", "\u4E2D \u56FD")]
    [TestCase("zero\u200Bwidth\u0000 and\u00A0no-break", "zerowidth and no - break")]
    public void Decode_NonAsciiThroughBert_IsNormalised(string text, string expected)
    {
        ITokenizer tokenizer = Bert();

        Assert.That(((VocabularyTokenizer)tokenizer).Decode(tokenizer.Encode(text), skipSpecial: false, cleanUpSpaces: false), Is.EqualTo(expected));
    }

    [Test]
    public void Encode_LoneSurrogates_AreReadAsReplacementCharacters()
    {
        string text = new([(char)0xD800, 'a', (char)0xDC00]);

        Assert.That(Bert().Encode(text), Is.EqualTo(new[] { 1037 })); // BERT drops U+FFFD
        ITokenizer bytes = Gpt2();
        Assert.That(bytes.Decode(bytes.Encode(text)), Is.EqualTo("\uFFFDa\uFFFD"));
    }

    [TestCase("Hello world", new[] { 15496, 995 })]
    [TestCase(" Hello world", new[] { 18435, 995 })]
    public void Encode_Gpt2_GivesPublishedIds(string text, int[] expected)
    {
        ITokenizer tokenizer = Gpt2();

        Assert.That(tokenizer.Encode(text), Is.EqualTo(expected));
        Assert.That(tokenizer.VocabularySize, Is.EqualTo(50257));
        Assert.That(tokenizer.Special.Eos, Is.EqualTo(50256));
    }

    [TestCase("Hello world", new[] { 0, 31414, 232, 2 })]
    [TestCase(" Hello world", new[] { 0, 20920, 232, 2 })]
    public void Encode_Roberta_GivesPublishedIds(string text, int[] expected)
    {
        SharedFiles.Unpack("data/vocab/roberta-vocab.json.gz", _folder, "vocab.json");
        SharedFiles.Unpack("data/vocab/gpt2-merges.txt.gz", _folder, "merges.txt");

        ITokenizer tokenizer = TokenizerLoader.Load(_folder);

        Assert.That(tokenizer.WithSpecials(tokenizer.Encode(text)), Is.EqualTo(expected));
        Assert.That(tokenizer.Special.Mask, Is.EqualTo(50264));
    }

    [Test]
    public void Decode_AnyText_GivesByteLevelTextBack()
    {
        ITokenizer tokenizer = Gpt2();
        var random = new Random(1);
        char[] alphabet = [.. " \t\n'sdltve.,!?0189abcXYZ\u00E9\u00DF\u4F60\u3042\u0301\u2014\u00A0\u2003"];
        for (int round = 0; round < 300; round++)
        {
            string text = string.Concat(Enumerable.Range(0, random.Next(60)).Select(_ => random.Next(12) == 0 ? "\U0001F600" : alphabet[random.Next(alphabet.Length)].ToString()));

            Assert.That(tokenizer.Decode(tokenizer.Encode(text)), Is.EqualTo(text));
        }
    }

    [Test]
    public void Encode_LongWord_AgreesWithNaiveMerging()
    {
        ITokenizer tokenizer = Gpt2();
        Dictionary<(string, string), int> ranks = File.ReadLines(Path.Combine(_folder, "merges.txt")).Skip(1).Where(line => line.Length > 0)
            .Select((line, rank) => (Pair: line.Split(' '), rank)).ToDictionary(item => (item.Pair[0], item.Pair[1]), item => item.rank);
        var random = new Random(2);
        for (int round = 0; round < 20; round++)
        {
            string word = string.Concat(Enumerable.Range(0, 20 + (10 * round)).Select(_ => (char)('a' + random.Next(round % 2 == 0 ? 26 : 3))));

            Assert.That(tokenizer.Tokenize(word), Is.EqualTo(MergeNaively(word, ranks)), word);
        }
    }

    [Test]
    public void Encode_FromManyThreads_GivesTheSame()
    {
        ITokenizer tokenizer = Bert();
        string[] texts = [.. Enumerable.Range(0, 200).Select(index => $"Sentence number {index} says something about unbelievable things, {index % 7}.")];
        int[][] expected = [.. texts.Select(text => tokenizer.Encode(text).ToArray())];
        ITokenizer fresh = TokenizerLoader.Load(_folder);

        var actual = new int[texts.Length][];
        Parallel.For(0, texts.Length, index => actual[index] = [.. fresh.Encode(texts[index])]);

        Assert.That(actual, Is.EqualTo(expected));
    }

    private ITokenizer Bert()
    {
        File.Copy(SharedFiles.Find("data/vocab/bert-base-uncased-vocab.txt"), Path.Combine(_folder, "vocab.txt"));
        return TokenizerLoader.Load(_folder);
    }

    private ITokenizer Gpt2()
    {
        File.Delete(Path.Combine(_folder, "vocab.txt"));
        SharedFiles.Unpack("data/vocab/gpt2-vocab.json.gz", _folder, "vocab.json");
        SharedFiles.Unpack("data/vocab/gpt2-merges.txt.gz", _folder, "merges.txt");
        return TokenizerLoader.Load(_folder);
    }

    // The earliest learnt pair anywhere is merged everywhere, until none is left.
    private static List<string> MergeNaively(string word, Dictionary<(string, string), int> ranks)
    {
        List<string> symbols = [.. word.Select(c => c.ToString())];
        while (true)
        {
            var known = symbols.Zip(symbols.Skip(1)).Where(ranks.ContainsKey).ToList();
            if (known.Count == 0)
            {
                return symbols;
            }

            var best = known.MinBy(pair => ranks[pair]);
            for (int index = 0; index + 1 < symbols.Count; index++)
            {
                if ((symbols[index], symbols[index + 1]) == best)
                {
                    symbols[index] += symbols[index + 1];
                    symbols.RemoveAt(index + 1);
                }
            }
        }
    }
}
