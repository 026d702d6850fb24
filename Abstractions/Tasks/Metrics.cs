namespace DeltaTune.Tasks;

/// <summary>Scores of predictions. None of them touches a tensor.</summary>
/// <remarks>
/// Averages over classes follow scikit-learn's defaults, which OpenPrompt reports: a macro average is over the classes that occur
/// among labels or predictions, and a ratio with nothing below the line counts as 0.
/// </remarks>
public static class Metrics
{
    /// <summary>Computes the share of predictions that are right.</summary>
    /// <param name="predicted">The predicted classes, <c>[examples]</c>.</param>
    /// <param name="actual">The true classes, <c>[examples]</c>.</param>
    /// <returns>From 0 to 1.</returns>
    /// <exception cref="ArgumentException">The lengths differ, or there is no example.</exception>
    public static double Accuracy(ReadOnlySpan<int> predicted, ReadOnlySpan<int> actual) => new Confusion(predicted, actual).Accuracy;

    /// <summary>Computes F1 of all decisions pooled. Every example has one label and one prediction, so it equals accuracy.</summary>
    /// <inheritdoc cref="Accuracy"/>
    public static double MicroF1(ReadOnlySpan<int> predicted, ReadOnlySpan<int> actual) =>
        new Confusion(predicted, actual).Accuracy;

    /// <summary>Computes the mean of the classes' F1, 2TP / (2TP + FP + FN).</summary>
    /// <inheritdoc cref="Accuracy"/>
    public static double MacroF1(ReadOnlySpan<int> predicted, ReadOnlySpan<int> actual) => new Confusion(predicted, actual).Mean(Confusion.F1);

    /// <summary>Computes the mean of the classes' precision, TP / (TP + FP).</summary>
    /// <inheritdoc cref="Accuracy"/>
    public static double MacroPrecision(ReadOnlySpan<int> predicted, ReadOnlySpan<int> actual) =>
        new Confusion(predicted, actual).Mean(Confusion.Precision);

    /// <summary>Computes the mean of the classes' recall, TP / (TP + FN).</summary>
    /// <inheritdoc cref="Accuracy"/>
    public static double MacroRecall(ReadOnlySpan<int> predicted, ReadOnlySpan<int> actual) =>
        new Confusion(predicted, actual).Mean(Confusion.Recall);

    /// <summary>Computes a classification metric by its name.</summary>
    /// <param name="name">One of <see cref="MetricNames.OfClasses"/>.</param>
    /// <param name="predicted">The predicted classes, <c>[examples]</c>.</param>
    /// <param name="actual">The true classes, <c>[examples]</c>.</param>
    /// <returns>The metric, higher is better.</returns>
    /// <exception cref="ArgumentException">No metric of classes has that name, the lengths differ, or there is no example.</exception>
    public static double ByName(string name, ReadOnlySpan<int> predicted, ReadOnlySpan<int> actual) => name switch
    {
        MetricNames.Accuracy => Accuracy(predicted, actual),
        MetricNames.MicroF1 => MicroF1(predicted, actual),
        MetricNames.MacroF1 => MacroF1(predicted, actual),
        MetricNames.Precision => MacroPrecision(predicted, actual),
        MetricNames.Recall => MacroRecall(predicted, actual),
        MetricNames.Matthews => Matthews(predicted, actual),
        _ => throw new ArgumentException($"A metric of classes must be one of {string.Join(", ", MetricNames.OfClasses)}, but is '{name}'.", nameof(name)),
    };

    /// <summary>Computes F1, precision and recall of one class, as for binary tasks.</summary>
    /// <param name="predicted">The predicted classes, <c>[examples]</c>.</param>
    /// <param name="actual">The true classes, <c>[examples]</c>.</param>
    /// <param name="positive">The class that counts as positive.</param>
    /// <returns>Each from 0 to 1; 0 where there is nothing below the line.</returns>
    /// <exception cref="ArgumentException">The lengths differ, or there is no example.</exception>
    public static (double F1, double Precision, double Recall) OfClass(ReadOnlySpan<int> predicted, ReadOnlySpan<int> actual, int positive)
    {
        ClassCounts counts = new Confusion(predicted, actual).Of(positive);
        return (Confusion.F1(counts), Confusion.Precision(counts), Confusion.Recall(counts));
    }

    /// <summary>Computes the Matthews correlation coefficient for any number of classes.</summary>
    /// <remarks>
    /// Source: Gorodkin 2004, "Comparing two K-category assignments by a K-category correlation coefficient", Computational Biology and
    /// Chemistry 28. With c right of s examples, p_k predicted and t_k true of class k:
    /// (c s - Σ p_k t_k) / √((s² - Σ p_k²)(s² - Σ t_k²)).
    /// </remarks>
    /// <param name="predicted">The predicted classes, <c>[examples]</c>.</param>
    /// <param name="actual">The true classes, <c>[examples]</c>.</param>
    /// <returns>From -1 to 1; 0 where predictions or labels are all of one class.</returns>
    /// <exception cref="ArgumentException">The lengths differ, or there is no example.</exception>
    public static double Matthews(ReadOnlySpan<int> predicted, ReadOnlySpan<int> actual) => new Confusion(predicted, actual).Matthews();

    /// <summary>Computes the area under the ROC curve: the chance that a positive example scores above a negative one, ties counting
    /// half.</summary>
    /// <param name="scores">The scores, higher for positive, <c>[examples]</c>. Any monotone scale.</param>
    /// <param name="labels">1 for positive, 0 for negative, NaN for a missing label, whose example is left out, <c>[examples]</c>.</param>
    /// <returns>From 0 to 1; NaN where the known labels are all of one class, for which it is not defined.</returns>
    /// <exception cref="ArgumentException">The lengths differ, a label is not 0, 1 or NaN, or a score with a label is NaN.</exception>
    public static double RocAuc(ReadOnlySpan<double> scores, ReadOnlySpan<double> labels) => RankMetrics.RocAuc(scores, labels);

    /// <summary>Computes the mean of the outputs' areas under the ROC curve, over the outputs that have both classes (MoleculeNet's
    /// way).</summary>
    /// <param name="scores">The scores, row-major <c>[examples, outputs]</c>.</param>
    /// <param name="labels">0, 1 or NaN for missing, row-major <c>[examples, outputs]</c>.</param>
    /// <param name="outputs">The number of outputs, 1 or more.</param>
    /// <returns>From 0 to 1; NaN where no output has both classes.</returns>
    /// <exception cref="ArgumentException">As for <see cref="RocAuc"/>, or the length is no multiple of
    /// <paramref name="outputs"/>.</exception>
    public static double MeanRocAuc(ReadOnlySpan<double> scores, ReadOnlySpan<double> labels, int outputs) =>
        RankMetrics.MeanRocAuc(scores, labels, outputs);

    /// <summary>Computes the root of the mean squared error.</summary>
    /// <param name="predicted">The predictions, <c>[values]</c>.</param>
    /// <param name="actual">The labels, NaN for a missing one, which is left out, <c>[values]</c>.</param>
    /// <returns>0 or more, in the unit of the labels; NaN where no label is known.</returns>
    /// <exception cref="ArgumentException">The lengths differ.</exception>
    public static double Rmse(ReadOnlySpan<double> predicted, ReadOnlySpan<double> actual) =>
        Math.Sqrt(MeanOfErrors(predicted, actual, static e => e * e));

    /// <summary>Computes the mean absolute error.</summary>
    /// <inheritdoc cref="Rmse"/>
    public static double Mae(ReadOnlySpan<double> predicted, ReadOnlySpan<double> actual) => MeanOfErrors(predicted, actual, Math.Abs);

    private static double MeanOfErrors(ReadOnlySpan<double> predicted, ReadOnlySpan<double> actual, Func<double, double> loss)
    {
        RankMetrics.RequireSameLength(predicted.Length, actual.Length, nameof(predicted));
        double sum = 0;
        int known = 0;
        for (int i = 0; i < actual.Length; i++)
        {
            if (double.IsNaN(actual[i])) { continue; }
            sum += loss(predicted[i] - actual[i]);
            known++;
        }

        return sum / known; // 0 / 0 is NaN
    }
}
