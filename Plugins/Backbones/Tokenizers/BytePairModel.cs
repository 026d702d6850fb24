namespace DeltaTune.Backbones.Tokenizers;

/// <summary>Byte-pair encoding of one word: neighbouring symbols are merged, the earliest learnt merge first.</summary>
/// <remarks>
/// Source: Sennrich et al. 2016, "Neural Machine Translation of Rare Words with Subword Units", §3.2, https://arxiv.org/abs/1508.07909, on bytes
/// as in openai/gpt-2. Symbols are numbered here apart from the vocabulary, since a merge may make, or a byte be, a piece that it lacks.
/// </remarks>
internal sealed class BytePairModel
{
    // Up to this length looking at all pairs again after each merge is cheaper than a heap.
    private const int ShortWord = 32;
    private readonly List<string> _symbols = [];
    private readonly Dictionary<string, int> _bySpelling = new(StringComparer.Ordinal);
    private readonly Dictionary<(int Left, int Right), (int Rank, int Result)> _merges = [];
    private readonly int[] _bytes = new int[256];
    private readonly int[] _ids; // of each symbol; -1 where the vocabulary lacks it

    /// <param name="vocabulary">Gives the symbols' ids.</param>
    /// <param name="merges">Pairs of symbols in the order learnt, spelt in the byte alphabet.</param>
    public BytePairModel(Vocabulary vocabulary, IEnumerable<(string Left, string Right)> merges)
    {
        for (int value = 0; value < 256; value++)
        {
            _bytes[value] = Symbol(ByteAlphabet.CharOf((byte)value).ToString());
        }

        foreach ((string left, string right) in merges)
        {
            _merges.TryAdd((Symbol(left), Symbol(right)), (_merges.Count, Symbol(left + right)));
        }

        _ids = [.. _symbols.Select(symbol => vocabulary.IdOf(symbol) ?? -1)];
    }

    /// <summary>Gets a symbol's spelling.</summary>
    public string Spelling(int symbol) => _symbols[symbol];

    /// <summary>Gets a symbol's id in the vocabulary, or -1.</summary>
    public int IdOf(int symbol) => _ids[symbol];

    /// <summary>Merges the bytes of one word.</summary>
    /// <param name="bytes">The word's UTF-8 bytes.</param>
    /// <returns>The symbols that are left.</returns>
    public List<int> Merge(ReadOnlySpan<byte> bytes)
    {
        var symbols = new List<int>(bytes.Length);
        foreach (byte value in bytes)
        {
            symbols.Add(_bytes[value]);
        }

        return symbols.Count <= ShortWord ? MergeShort(symbols) : MergeLong(symbols);
    }

    private List<int> MergeShort(List<int> symbols)
    {
        while (symbols.Count > 1)
        {
            int at = -1;
            (int Rank, int Result) best = (int.MaxValue, 0);
            for (int index = 0; index + 1 < symbols.Count; index++)
            {
                if (_merges.TryGetValue((symbols[index], symbols[index + 1]), out var merge) && merge.Rank < best.Rank)
                {
                    (best, at) = (merge, index);
                }
            }

            if (at < 0)
            {
                break;
            }

            symbols[at] = best.Result;
            symbols.RemoveAt(at + 1);
        }

        return symbols;
    }

    // The same with a heap of candidate pairs over a linked list, n log n. A candidate is stale once one of its two symbols changed.
    private List<int> MergeLong(List<int> symbols)
    {
        int count = symbols.Count;
        int[] next = [.. Enumerable.Range(1, count)];
        int[] previous = [.. Enumerable.Range(-1, count)];
        var queue = new PriorityQueue<(int At, int Left, int Right), (int Rank, int At)>();
        for (int index = 0; index + 1 < count; index++)
        {
            Offer(index);
        }

        while (queue.TryDequeue(out var pair, out _))
        {
            int right = next[pair.At];
            if (symbols[pair.At] != pair.Left || right >= count || symbols[right] != pair.Right)
            {
                continue;
            }

            symbols[pair.At] = _merges[(pair.Left, pair.Right)].Result;
            symbols[right] = -1;
            next[pair.At] = next[right];
            if (next[right] < count)
            {
                previous[next[right]] = pair.At;
                Offer(pair.At);
            }

            if (previous[pair.At] >= 0)
            {
                Offer(previous[pair.At]);
            }
        }

        symbols.RemoveAll(symbol => symbol < 0);
        return symbols;

        void Offer(int at)
        {
            (int Left, int Right) pair = (symbols[at], symbols[next[at]]);
            if (_merges.TryGetValue(pair, out var merge))
            {
                queue.Enqueue((at, pair.Left, pair.Right), (merge.Rank, at));
            }
        }
    }

    private int Symbol(string spelling)
    {
        if (!_bySpelling.TryGetValue(spelling, out int symbol))
        {
            symbol = _symbols.Count;
            _bySpelling[spelling] = symbol;
            _symbols.Add(spelling);
        }

        return symbol;
    }
}
