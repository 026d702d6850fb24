namespace DeltaTune.Tasks;

/// <summary>The area under the ROC curve from ranks (Mann and Whitney 1947), with mid-ranks for ties.</summary>
internal static class RankMetrics
{
    public static double RocAuc(ReadOnlySpan<double> scores, ReadOnlySpan<double> labels)
    {
        RequireSameLength(scores.Length, labels.Length, nameof(scores));
        var known = new List<(double Score, bool Positive)>(labels.Length);
        for (int i = 0; i < labels.Length; i++)
        {
            if (double.IsNaN(labels[i])) { continue; }
            if (labels[i] is not (0 or 1))
            {
                throw new ArgumentException($"labels[{i}] must be 0, 1 or NaN for missing, but is {labels[i]}.", nameof(labels));
            }

            if (double.IsNaN(scores[i])) { throw new ArgumentException($"scores[{i}] must be a number, but is NaN.", nameof(scores)); }
            known.Add((scores[i], labels[i] == 1));
        }

        known.Sort(static (a, b) => a.Score.CompareTo(b.Score));
        double positives = known.Count(static k => k.Positive), negatives = known.Count - positives;
        double rankSum = 0; // of the positives, ranks from 1
        for (int start = 0; start < known.Count;)
        {
            int end = start;
            int positivesHere = 0;
            while (end < known.Count && known[end].Score == known[start].Score) { positivesHere += known[end++].Positive ? 1 : 0; }
            rankSum += positivesHere * (start + 1 + end) / 2.0; // the mid-rank of ranks start+1 .. end
            start = end;
        }

        // U = R₊ - n₊(n₊+1)/2 pairs are in order; with one class missing 0 / 0 is NaN.
        return (rankSum - (positives * (positives + 1) / 2)) / (positives * negatives);
    }

    public static double MeanRocAuc(ReadOnlySpan<double> scores, ReadOnlySpan<double> labels, int outputs)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(outputs, 1);
        RequireSameLength(scores.Length, labels.Length, nameof(scores));
        if (labels.Length % outputs != 0)
        {
            throw new ArgumentException(
                $"labels [examples, {outputs}] must have a multiple of {outputs} values, but has {labels.Length}.", nameof(labels));
        }

        double sum = 0;
        int defined = 0;
        var columnScores = new double[labels.Length / outputs];
        var columnLabels = new double[columnScores.Length];
        for (int output = 0; output < outputs; output++)
        {
            for (int row = 0; row < columnScores.Length; row++)
            {
                columnScores[row] = scores[(row * outputs) + output];
                columnLabels[row] = labels[(row * outputs) + output];
            }

            double area = RocAuc(columnScores, columnLabels);
            if (double.IsNaN(area)) { continue; }
            sum += area;
            defined++;
        }

        return sum / defined; // 0 / 0 is NaN
    }

    public static void RequireSameLength(int predicted, int actual, string parameter)
    {
        if (predicted != actual)
        {
            throw new ArgumentException($"{parameter} must be as many as the labels, {actual}, but are {predicted}.", parameter);
        }
    }
}
