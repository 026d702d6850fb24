using DeltaTune.Tasks;
using DeltaTune.Text;

namespace DeltaTune.Backbones.Pretraining;

/// <summary>Chooses what to predict in a row: a share of its tokens, word by word; 80 % become the mask, 10 % a random token, 10 % stay.</summary>
/// <remarks>
/// Source: Devlin et al. 2019, §3.1, and google-research/bert, create_pretraining_data.py, create_masked_lm_predictions, with do_whole_word_mask:
/// the pieces of a word are chosen together, the three ways are drawn for each piece.
/// </remarks>
internal sealed class WordMasking
{
    private readonly bool[] _special;
    private readonly bool[] _continues; // whether a token goes on with the word before it
    private readonly int _mask;
    private readonly double _probability;

    public WordMasking(ITokenizer tokenizer, double probability, bool wholeWord)
    {
        _probability = probability;
        _mask = tokenizer.Special.Mask ?? throw new ArgumentException("the tokenizer has no mask token", nameof(tokenizer));
        IReadOnlySet<int> special = tokenizer.Special.AllIds();
        _special = new bool[tokenizer.VocabularySize];
        _continues = new bool[tokenizer.VocabularySize];
        for (int id = 0; id < tokenizer.VocabularySize; id++)
        {
            _special[id] = special.Contains(id) && id != tokenizer.Special.Unk; // an unknown word counts as a word, as in the source
            _continues[id] = wholeWord && tokenizer.TokenOf(id).StartsWith("##", StringComparison.Ordinal);
        }
    }

    /// <summary>Masks a row in place.</summary>
    /// <param name="row">Token ids with padding; changed.</param>
    /// <param name="random">Where chance comes from.</param>
    /// <param name="columns">Gets the columns to predict at, ascending.</param>
    /// <param name="labels">Gets what stood there.</param>
    public void Apply(Span<long> row, SplitMix64 random, List<int> columns, List<long> labels)
    {
        var starts = new List<int>(row.Length); // first column of each word
        int tokens = 0;
        for (int column = 0; column < row.Length; column++)
        {
            if (_special[row[column]])
            {
                continue;
            }

            tokens++;
            if (!_continues[row[column]] || column == 0 || _special[row[column - 1]])
            {
                starts.Add(column);
            }
        }

        int wanted = tokens == 0 ? 0 : Math.Max(1, (int)Math.Round(tokens * _probability));
        random.Shuffle(starts);
        var chosen = new List<int>(wanted);
        foreach (int start in starts)
        {
            int end = start + 1;
            while (end < row.Length && _continues[row[end]])
            {
                end++;
            }

            if (chosen.Count + end - start <= wanted)
            {
                chosen.AddRange(Enumerable.Range(start, end - start));
            }

            if (chosen.Count >= wanted)
            {
                break;
            }
        }

        chosen.Sort();
        foreach (int column in chosen)
        {
            columns.Add(column);
            labels.Add(row[column]);
            double way = random.NextDouble();
            row[column] = way < 0.8 ? _mask : way < 0.9 ? row[column] : random.Next(_special.Length);
        }
    }
}
