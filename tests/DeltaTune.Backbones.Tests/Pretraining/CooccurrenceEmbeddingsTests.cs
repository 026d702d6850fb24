using DeltaTune.Backbones.Pretraining;
using DeltaTune.Backbones.Tokenizers;
using DeltaTune.Text;
using TorchSharp;
using static TorchSharp.torch;

namespace DeltaTune.Backbones.Tests.Pretraining;

[TestFixture]
public sealed class CooccurrenceEmbeddingsTests
{
    private static readonly string[] s_words = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "cat", "dog", "purr", "bark", "plus", "minus", "sum", "unseen"];

    private string _folder = "";

    [SetUp]
    public void MakeFolder() => _folder = Directory.CreateTempSubdirectory("deltatune-").FullName;

    [TearDown]
    public void DropFolder() => Directory.Delete(_folder, recursive: true);

    [Test]
    public void Of_TwoTopics_PutsWordsOfOneTopicNearerThanThoseOfTwo()
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor e = Embed(["cat dog purr bark", "dog cat bark purr", "plus minus sum", "sum minus plus", "minus sum plus"], size: 4);

        Assert.That(Cosine(e, "cat", "dog"), Is.GreaterThan(0.5));
        Assert.That(Cosine(e, "plus", "sum"), Is.GreaterThan(0.5));
        Assert.That(Math.Abs(Cosine(e, "cat", "sum")), Is.LessThan(0.2));
    }

    [Test]
    public void Of_OneTextTwice_HasTheSpreadAskedForAndNoiseForUnseenWords()
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor e = Embed(["cat dog purr", "plus minus sum"], size: 6);

        Assert.That(e.shape, Is.EqualTo(new long[] { s_words.Length, 6 }));
        Assert.That(e[s_words.Length - 1].count_nonzero().item<long>(), Is.EqualTo(6), "a word without neighbours gets noise");
        Assert.That(e.isfinite().all().item<bool>(), Is.True);
        Assert.That(e.std().item<float>(), Is.EqualTo(0.05).Within(0.03)); // the spread of the factors, with a few rows of noise among them
    }

    private Tensor Embed(string[] lines, int size)
    {
        File.WriteAllLines(Path.Combine(_folder, "vocab.txt"), s_words);
        string text = Path.Combine(_folder, "corpus.txt");
        File.WriteAllLines(text, lines);
        ITokenizer tokenizer = TokenizerLoader.Load(_folder);
        TokenCorpus corpus = TokenCorpus.Open(Path.Combine(_folder, "corpus.bin"), [text], tokenizer, 16, CancellationToken.None);
        using var generator = new Generator(1, CPU);
        return CooccurrenceEmbeddings.Of(corpus, [1], tokenizer, size, 0.05, generator);
    }

    private static double Cosine(Tensor embeddings, string first, string second)
    {
        Tensor a = embeddings[Array.IndexOf(s_words, first)], b = embeddings[Array.IndexOf(s_words, second)];
        return ((a * b).sum() / (a.norm() * b.norm())).item<float>();
    }
}
