using System.Collections.Concurrent;

namespace DeltaTune.Backbones.Tokenizers;

/// <summary>Ids of words seen before. Natural text repeats its words, so most words are one look-up; the size is bounded.</summary>
internal sealed class WordCache
{
    // About 16 MB when full of ordinary words.
    private const int MostWords = 1 << 17;
    private const int LongestWord = 64;
    private readonly ConcurrentDictionary<string, int[]> _words = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, int[]>.AlternateLookup<ReadOnlySpan<char>> _bySpan;
    private int _count;

    public WordCache() => _bySpan = _words.GetAlternateLookup<ReadOnlySpan<char>>();

    public bool TryGet(ReadOnlySpan<char> word, out int[] ids) => _bySpan.TryGetValue(word, out ids!);

    public void Add(ReadOnlySpan<char> word, int[] ids)
    {
        if (word.Length <= LongestWord && Volatile.Read(ref _count) < MostWords && _bySpan.TryAdd(word, ids))
        {
            Interlocked.Increment(ref _count);
        }
    }
}
