using System.Buffers;
using System.Runtime.InteropServices;
using DeltaTune.Files;

namespace DeltaTune.Backbones.Tokenizers;

/// <summary>Learns a WordPiece vocabulary from text.</summary>
/// <remarks>
/// BERT's own trainer was never published. As in huggingface/tokenizers (WordPieceTrainer) pieces are learnt by byte-pair merging (Sennrich et al.
/// 2016, §3.2, https://arxiv.org/abs/1508.07909) of characters, those inside a word marked <c>##</c>; the pair that occurs most often is merged
/// first, and not the one with the best likelihood score (Schuster and Nakajima 2012). Differs from that trainer: a word with a character outside the alphabet is
/// left out whole, since it is unknown whatever is learnt; ties are broken by the pieces' order of birth, so that the same text gives the same vocabulary.
/// </remarks>
public static class WordPieceTrainer
{
    private const int LongestWord = 100;
    private const int LinesAtOnce = 2048;

    /// <summary>Learns a vocabulary. Words are counted on all processors, merging uses one; memory grows with the number of distinct words.</summary>
    /// <param name="lines">The text, read once; where it is cut into lines does not matter as long as no word is cut.</param>
    /// <param name="options">The vocabulary's size and the rules; null means the defaults.</param>
    /// <param name="cancellationToken">Looked at between blocks of lines and between merges.</param>
    /// <returns>The tokens in the order of their ids: special tokens, characters, then pieces as learnt. Fewer than asked when the text gives no more.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The size leaves no room for the special tokens.</exception>
    public static IReadOnlyList<string> Train(IEnumerable<string> lines, WordPieceTrainerOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(lines);
        options ??= new WordPieceTrainerOptions();
        ArgumentOutOfRangeException.ThrowIfLessThan(options.VocabularySize, options.SpecialTokens.Count + 1);
        Dictionary<string, long> words = Count(lines, new BertNormalizer(lowerCase: options.LowerCase, stripAccents: options.LowerCase), cancellationToken);
        return new WordPieceMerger(words, options).Run(cancellationToken);
    }

    /// <summary>Writes a vocabulary as a folder that <see cref="TokenizerLoader"/> and transformers read: <c>vocab.txt</c> and <c>tokenizer_config.json</c>.</summary>
    /// <param name="folder">The folder, made when it is missing.</param>
    /// <param name="vocabulary">The tokens in the order of their ids.</param>
    /// <param name="lowerCase">Whether the vocabulary was learnt from lower-cased text.</param>
    /// <exception cref="IOException">A file cannot be written.</exception>
    public static void Save(string folder, IReadOnlyList<string> vocabulary, bool lowerCase = true)
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);
        ArgumentNullException.ThrowIfNull(vocabulary);
        Directory.CreateDirectory(folder);
        AtomicFile.WriteAllText(Path.Combine(folder, "vocab.txt"), string.Concat(vocabulary.Select(token => token + "\n")));
        AtomicFile.WriteAllText(
            Path.Combine(folder, "tokenizer_config.json"),
            $$"""
            {
              "do_lower_case": {{(lowerCase ? "true" : "false")}},
              "tokenizer_class": "BertTokenizer"
            }

            """);
    }

    // Counting commutes, so the order in which blocks are done changes nothing.
    private static Dictionary<string, long> Count(IEnumerable<string> lines, BertNormalizer normalizer, CancellationToken cancellationToken)
    {
        var total = new Dictionary<string, long>(StringComparer.Ordinal);
        Parallel.ForEach(
            lines.Chunk(LinesAtOnce),
            new ParallelOptions { CancellationToken = cancellationToken, MaxDegreeOfParallelism = Environment.ProcessorCount },
            () => new Dictionary<string, long>(StringComparer.Ordinal),
            (block, _, counts) =>
            {
                CountBlock(block, normalizer, counts);
                return counts;
            },
            counts =>
            {
                lock (total)
                {
                    foreach ((string word, long count) in counts)
                    {
                        CollectionsMarshal.GetValueRefOrAddDefault(total, word, out _) += count;
                    }
                }
            });
        return total;
    }

    private static void CountBlock(string[] lines, BertNormalizer normalizer, Dictionary<string, long> counts)
    {
        var bySpan = counts.GetAlternateLookup<ReadOnlySpan<char>>();
        char[] buffer = ArrayPool<char>.Shared.Rent(1024);
        foreach (string line in lines)
        {
            ReadOnlySpan<char> words = normalizer.Normalize(line, ref buffer);
            foreach (Range range in words.Split(' '))
            {
                ReadOnlySpan<char> word = words[range];
                if (word.Length is > 0 and <= LongestWord)
                {
                    CollectionsMarshal.GetValueRefOrAddDefault(bySpan, word, out _)++;
                }
            }
        }

        ArrayPool<char>.Shared.Return(buffer);
    }
}
