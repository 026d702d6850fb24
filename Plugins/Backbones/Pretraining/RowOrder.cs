using DeltaTune.Tasks;

namespace DeltaTune.Backbones.Pretraining;

/// <summary>The endless sequence of training rows: epochs, each in its own random order, files as often as their weights say.</summary>
internal sealed class RowOrder
{
    private readonly int[][] _fileRows; // training rows of each file
    private readonly double[] _weights;
    private readonly long _seed;
    private int[] _epoch = [];
    private long _current = -1;

    /// <param name="fileRows">How many rows each file has, in order.</param>
    /// <param name="weights">How often an epoch goes through each file.</param>
    /// <param name="heldOut">How many rows, evenly over all, are kept out.</param>
    /// <param name="seed">Where the order comes from.</param>
    public RowOrder(IReadOnlyList<int> fileRows, IReadOnlyList<double> weights, int heldOut, long seed)
    {
        int total = fileRows.Sum();
        heldOut = Math.Min(heldOut, total / 10); // a tiny corpus keeps most of itself for training
        HeldOut = [.. Enumerable.Range(0, heldOut).Select(i => (int)(((2L * i) + 1) * total / (2L * heldOut)))];
        var kept = HeldOut.ToHashSet();
        (_weights, _seed) = ([.. weights], seed);
        _fileRows = new int[fileRows.Count][];
        for (int file = 0, first = 0; file < fileRows.Count; first += fileRows[file], file++)
        {
            _fileRows[file] = [.. Enumerable.Range(first, fileRows[file]).Where(row => !kept.Contains(row))];
        }

        EpochRows = _fileRows.Select((rows, file) => (long)Math.Round(rows.Length * _weights[file])).Sum();
    }

    /// <summary>Gets the rows that training never sees.</summary>
    public IReadOnlyList<int> HeldOut { get; }

    /// <summary>Gets how many rows an epoch has.</summary>
    public long EpochRows { get; }

    /// <summary>Gets the row at a place of the sequence, from 0.</summary>
    public int this[long place]
    {
        get
        {
            (long epoch, long at) = Math.DivRem(place, EpochRows);
            if (epoch != _current)
            {
                _epoch = Draw(epoch);
                _current = epoch;
            }

            return _epoch[at];
        }
    }

    private int[] Draw(long epoch)
    {
        var random = new SplitMix64(Seeds.Of(_seed, 1, epoch));
        var order = new List<int>();
        for (int file = 0; file < _fileRows.Length; file++)
        {
            int[] rows = [.. _fileRows[file]];
            random.Shuffle(rows); // so that the part of a broken weight is another in each epoch
            long wanted = (long)Math.Round(rows.Length * _weights[file]);
            for (long taken = 0; taken < wanted; taken += rows.Length)
            {
                order.AddRange(rows.AsSpan(0, (int)Math.Min(rows.Length, wanted - taken)));
            }
        }

        int[] result = [.. order];
        random.Shuffle(result);
        return result;
    }
}
