using DeltaTune.Batches;
using DeltaTune.Tasks;
using static TorchSharp.torch;

namespace DeltaTune.Backbones.Pretraining;

/// <summary>Some rows with words masked: plain arrays, until a pass needs tensors.</summary>
internal sealed record MaskedRows(int Length, long[] Ids, int Pad, List<long> Positions, List<long> Labels)
{
    /// <summary>Masks rows; chance depends on the seed and each row's place alone.</summary>
    public static MaskedRows Draw(TokenCorpus corpus, IReadOnlyList<int> rows, int length, int pad, WordMasking masking, Func<int, ulong> seedOf)
    {
        var ids = new long[rows.Count * length];
        var positions = new List<long>();
        var labels = new List<long>();
        var columns = new List<int>();
        for (int row = 0; row < rows.Count; row++)
        {
            Span<long> target = ids.AsSpan(row * length, length);
            ReadOnlySpan<ushort> source = corpus.Row(rows[row]);
            for (int column = 0; column < length; column++)
            {
                target[column] = source[column];
            }

            columns.Clear();
            masking.Apply(target, new SplitMix64(seedOf(row)), columns, labels);
            foreach (int column in columns)
            {
                positions.Add(((long)row * length) + column);
            }
        }

        return new MaskedRows(length, ids, pad, positions, labels);
    }

    /// <summary>Makes the batch of the pass; it and the labels <c>[masks]</c> belong to the current dispose scope.</summary>
    public (TextBatch Batch, Tensor Labels) ToTensors(Device device)
    {
        long rows = Ids.Length / Length;
        Tensor ids = tensor(Ids, [rows, Length], dtype: ScalarType.Int64, device: device);
        var batch = new TextBatch
        {
            InputIds = ids,
            AttentionMask = ids.ne(Pad).to(ScalarType.Int64),
            MaskPositions = tensor(Positions.ToArray(), dtype: ScalarType.Int64, device: device),
        };
        return (batch, tensor(Labels.ToArray(), dtype: ScalarType.Int64, device: device));
    }
}
