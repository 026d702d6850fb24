using DeltaTune.Tasks;

namespace DeltaTune.Host.Training;

/// <summary>Which rows go into which batch: shuffled anew each epoch, rows of similar length together.</summary>
/// <remarks>
/// An epoch's order depends on the seed and the epoch's number alone, so a resumed run meets the batches of an uninterrupted one. The shuffled
/// rows are cut into pools of <see cref="PoolBatches"/> batches; each pool is sorted by length and cut into batches, and all batches are shuffled.
/// </remarks>
internal sealed class BatchPlan
{
    private const int PoolBatches = 50; // wide enough that padding nearly vanishes, small enough that neighbours stay random
    private readonly int[] _lengths;
    private readonly int _batchSize;
    private readonly ulong _seed;

    public BatchPlan(int[] lengths, int batchSize, long seed)
        => (_lengths, _batchSize, _seed) = (lengths, batchSize, (ulong)seed);

    /// <summary>Gets how many batches an epoch has.</summary>
    public int BatchesPerEpoch => (_lengths.Length + _batchSize - 1) / _batchSize;

    /// <summary>Makes the batches of one epoch.</summary>
    /// <param name="epoch">From 0.</param>
    /// <returns>The rows of each batch.</returns>
    public IReadOnlyList<int[]> Epoch(int epoch)
    {
        // Two draws apart, so that neither seeds nor epochs that follow one another give sequences that do.
        var random = new SplitMix64(new SplitMix64(_seed).Next() ^ new SplitMix64((ulong)epoch + 1).Next());
        int[] order = [.. Enumerable.Range(0, _lengths.Length)];
        random.Shuffle(order);
        List<int[]> batches = [];
        foreach (int[] pool in order.Chunk(_batchSize * PoolBatches))
        {
            batches.AddRange(pool.OrderBy(row => _lengths[row]).Chunk(_batchSize)); // stable: ties stay shuffled
        }

        random.Shuffle(batches);
        return batches;
    }

    /// <summary>Makes batches for evaluation: the longest rows first, so that memory runs out at once or never.</summary>
    /// <param name="lengths">Of each row, in tokens or nodes.</param>
    /// <param name="batchSize">Rows a batch, at most.</param>
    /// <returns>The rows of each batch.</returns>
    public static IEnumerable<int[]> ByLength(IReadOnlyList<int> lengths, int batchSize)
        => Enumerable.Range(0, lengths.Count).OrderByDescending(row => lengths[row]).Chunk(batchSize);
}
