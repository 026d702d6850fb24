namespace TorchSharp.Interop;

/// <summary>Brings what the API takes as lists into the arrays that operators take.</summary>
internal static class Lists
{
    internal static long[]? One(long? value) => value is long v ? [v] : null;

    internal static long[] Of((long, long) pair) => [pair.Item1, pair.Item2];

    internal static long[] Of((long, long, long) triple) => [triple.Item1, triple.Item2, triple.Item3];

    internal static long[] Of((long, long, long, long) four) => [four.Item1, four.Item2, four.Item3, four.Item4];

    internal static long[] Of((long, long)? pair) => pair is var (first, second) ? [first, second] : [0, 1];

    internal static long[] Of(IEnumerable<long> values) => values as long[] ?? [.. values];

    internal static long[] Of(int[] values) => Array.ConvertAll(values, static value => (long)value);

    internal static torch.Tensor[] Of(IEnumerable<torch.Tensor> values) => values as torch.Tensor[] ?? [.. values];
}
