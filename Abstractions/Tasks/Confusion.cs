namespace DeltaTune.Tasks;

/// <summary>Counts by class, from which every classification metric follows.</summary>
internal sealed class Confusion
{
    private readonly SortedDictionary<int, ClassCounts> _classes = [];
    private readonly long _examples;
    private readonly long _right;

    /// <summary>Counts. Only classes that occur are kept.</summary>
    public Confusion(ReadOnlySpan<int> predicted, ReadOnlySpan<int> actual)
    {
        RankMetrics.RequireSameLength(predicted.Length, actual.Length, nameof(predicted));
        if (actual.IsEmpty) { throw new ArgumentException("A metric needs at least one example, but there is none.", nameof(actual)); }
        _examples = actual.Length;
        for (int i = 0; i < actual.Length; i++)
        {
            bool right = predicted[i] == actual[i];
            _right += right ? 1 : 0;
            ClassCounts p = Of(predicted[i]);
            _classes[predicted[i]] = p with { Predicted = p.Predicted + 1, Right = p.Right + (right ? 1 : 0) };
            ClassCounts a = Of(actual[i]);
            _classes[actual[i]] = a with { Actual = a.Actual + 1 };
        }
    }

    public double Accuracy => (double)_right / _examples;

    public static double F1(ClassCounts c) => Ratio(2 * c.Right, c.Predicted + c.Actual); // 2TP / (2TP + FP + FN)

    public static double Precision(ClassCounts c) => Ratio(c.Right, c.Predicted);

    public static double Recall(ClassCounts c) => Ratio(c.Right, c.Actual);

    public ClassCounts Of(int label) => _classes.GetValueOrDefault(label);

    public double Mean(Func<ClassCounts, double> score) => _classes.Values.Average(score);

    public double Matthews()
    {
        double s = _examples, pt = 0, pp = 0, tt = 0; // s examples; sums of p_k t_k, p_k², t_k²
        foreach (ClassCounts c in _classes.Values)
        {
            pt += (double)c.Predicted * c.Actual;
            pp += (double)c.Predicted * c.Predicted;
            tt += (double)c.Actual * c.Actual;
        }

        double below = Math.Sqrt(((s * s) - pp) * ((s * s) - tt));
        return below == 0 ? 0 : ((_right * s) - pt) / below;
    }

    private static double Ratio(long above, long below) => below == 0 ? 0 : (double)above / below;
}
