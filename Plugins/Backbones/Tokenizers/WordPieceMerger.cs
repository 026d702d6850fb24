using System.Runtime.InteropServices;
using System.Text;

namespace DeltaTune.Backbones.Tokenizers;

/// <summary>The merging part of <see cref="WordPieceTrainer"/>: pair counts over distinct words, kept up to date merge by merge.</summary>
internal sealed class WordPieceMerger
{
    private const string Inside = "##";
    private readonly WordPieceTrainerOptions _options;
    private readonly List<string> _tokens = [];
    private readonly Dictionary<string, int> _ids = new(StringComparer.Ordinal);
    private readonly List<(int[] Pieces, int Length, long Count)> _words = [];
    private readonly Dictionary<(int Left, int Right), Pair> _pairs = [];
    private readonly PriorityQueue<(int Left, int Right), (long Count, int Left, int Right)> _queue = new(Comparer<(long Count, int Left, int Right)>.Create(
        (a, b) => a.Count != b.Count ? b.Count.CompareTo(a.Count) : a.Left != b.Left ? a.Left.CompareTo(b.Left) : a.Right.CompareTo(b.Right)));

    public WordPieceMerger(Dictionary<string, long> words, WordPieceTrainerOptions options)
    {
        _options = options;
        foreach (string token in options.SpecialTokens)
        {
            IdOf(token);
        }

        // Sorted once, so that nothing below depends on the order of a hash table.
        KeyValuePair<string, long>[] sorted = [.. words.OrderBy(pair => pair.Key, StringComparer.Ordinal)];
        HashSet<Rune> alphabet = Alphabet(sorted);
        foreach (Rune letter in alphabet.Order())
        {
            AddWithin(letter.ToString());
        }

        foreach (Rune letter in sorted.SelectMany(pair => pair.Key.EnumerateRunes().Skip(1)).Where(alphabet.Contains).Distinct().Order())
        {
            AddWithin(Inside + letter);
        }

        foreach ((string word, long count) in sorted)
        {
            AddWord(word, count);
        }
    }

    public IReadOnlyList<string> Run(CancellationToken cancellationToken)
    {
        foreach ((var pair, Pair entry) in _pairs)
        {
            _queue.Enqueue(pair, (entry.Count, pair.Left, pair.Right));
        }

        var grown = new HashSet<(int Left, int Right)>();
        while (_tokens.Count < _options.VocabularySize && _queue.TryDequeue(out var pair, out var priority))
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (!_pairs.TryGetValue(pair, out Pair? entry))
            {
                continue;
            }

            if (entry.Count != priority.Count)
            {
                // Counts fall while a pair waits; it waits on with the count that it has now.
                _queue.Enqueue(pair, (entry.Count, pair.Left, pair.Right));
                continue;
            }

            if (entry.Count < Math.Max(1, _options.MinimumCount))
            {
                break;
            }

            int merged = IdOf(_tokens[pair.Left] + _tokens[pair.Right][Inside.Length..]);
            grown.Clear();
            foreach (int word in entry.Words)
            {
                MergeIn(word, pair, merged, grown);
            }

            _pairs.Remove(pair);
            foreach (var other in grown)
            {
                if (_pairs.TryGetValue(other, out Pair? waiting))
                {
                    _queue.Enqueue(other, (waiting.Count, other.Left, other.Right));
                }
            }
        }

        return _tokens;
    }

    private HashSet<Rune> Alphabet(KeyValuePair<string, long>[] words)
    {
        var counts = new Dictionary<Rune, long>();
        foreach ((string word, long count) in words)
        {
            foreach (Rune letter in word.EnumerateRunes())
            {
                CollectionsMarshal.GetValueRefOrAddDefault(counts, letter, out _) += count;
            }
        }

        return [.. counts.OrderByDescending(pair => pair.Value).ThenBy(pair => pair.Key).Take(_options.AlphabetLimit).Select(pair => pair.Key)];
    }

    private void AddWithin(string token)
    {
        if (_tokens.Count < _options.VocabularySize)
        {
            IdOf(token);
        }
    }

    private void AddWord(string word, long count)
    {
        var pieces = new List<int>(word.Length);
        foreach (Rune letter in word.EnumerateRunes())
        {
            if (!_ids.TryGetValue(pieces.Count == 0 ? letter.ToString() : Inside + letter, out int id))
            {
                return;
            }

            pieces.Add(id);
        }

        if (pieces.Count < 2)
        {
            return;
        }

        for (int index = 0; index + 1 < pieces.Count; index++)
        {
            Change((pieces[index], pieces[index + 1]), count, _words.Count);
        }

        _words.Add(([.. pieces], pieces.Count, count));
    }

    // A second visit to the same word finds the pair no more and changes nothing.
    private void MergeIn(int index, (int Left, int Right) pair, int merged, HashSet<(int Left, int Right)> grown)
    {
        (int[] pieces, int length, long count) = _words[index];
        int write = 0;
        for (int read = 0; read < length; read++)
        {
            if (pieces[read] != pair.Left || read + 1 == length || pieces[read + 1] != pair.Right)
            {
                pieces[write++] = pieces[read];
                continue;
            }

            if (write > 0)
            {
                Replace((pieces[write - 1], pair.Left), (pieces[write - 1], merged));
            }

            if (read + 2 < length)
            {
                Replace((pair.Right, pieces[read + 2]), (merged, pieces[read + 2]));
            }

            pieces[write++] = merged;
            read++;
        }

        _words[index] = (pieces, write, count);

        void Replace((int, int) old, (int, int) fresh)
        {
            Change(old, -count, index);
            Change(fresh, count, index);
            grown.Add(fresh);
        }
    }

    private void Change((int Left, int Right) pair, long count, int word)
    {
        ref Pair? entry = ref CollectionsMarshal.GetValueRefOrAddDefault(_pairs, pair, out _);
        entry ??= new Pair();
        entry.Count += count;
        if (count > 0 && (entry.Words.Count == 0 || entry.Words[^1] != word))
        {
            entry.Words.Add(word);
        }
    }

    private int IdOf(string token)
    {
        ref int id = ref CollectionsMarshal.GetValueRefOrAddDefault(_ids, token, out bool known);
        if (!known)
        {
            id = _tokens.Count;
            _tokens.Add(token);
        }

        return id;
    }

    private sealed class Pair
    {
        public long Count { get; set; }

        public List<int> Words { get; } = [];
    }
}
