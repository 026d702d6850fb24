namespace DeltaTune.Tasks;

/// <summary>The names of metrics in run files and reports.</summary>
public static class MetricNames
{
    /// <summary>The share of examples whose class is right, from 0 to 1.</summary>
    public const string Accuracy = "accuracy";

    /// <summary>F1 over all decisions together; with one class an example it equals accuracy.</summary>
    public const string MicroF1 = "micro-f1";

    /// <summary>The mean of the classes' F1.</summary>
    public const string MacroF1 = "macro-f1";

    /// <summary>The mean of the classes' precision.</summary>
    public const string Precision = "precision";

    /// <summary>The mean of the classes' recall.</summary>
    public const string Recall = "recall";

    /// <summary>The Matthews correlation coefficient, from -1 to 1.</summary>
    public const string Matthews = "matthews";

    /// <summary>F1 over all types of all examples together, of types that lie under one another; a task's own, see <see cref="ITask.Judge"/>.</summary>
    public const string LooseMicroF1 = "loose-micro-f1";

    /// <summary>F1 of the examples' mean precision and recall, of types that lie under one another; a task's own, see <see cref="ITask.Judge"/>.</summary>
    public const string LooseMacroF1 = "loose-macro-f1";

    /// <summary>The area under the ROC curve, from 0 to 1, averaged over the outputs that have both classes.</summary>
    public const string RocAuc = "roc-auc";

    /// <summary>The root of the mean squared error, in the unit of the label; lower is better.</summary>
    public const string Rmse = "rmse";

    /// <summary>The mean absolute error, in the unit of the label; lower is better.</summary>
    public const string Mae = "mae";

    /// <summary>The share of generated texts that are right as a whole, from 0 to 1.</summary>
    public const string ExactMatch = "exact-match";

    /// <summary>BLEU of the generated texts, from 0 to 1.</summary>
    public const string Bleu = "bleu";

    /// <summary>ROUGE-L of the generated texts, from 0 to 1.</summary>
    public const string RougeL = "rouge-l";

    /// <summary>The perplexity of the right texts, 1 or more; lower is better.</summary>
    public const string Perplexity = "perplexity";

    /// <summary>The mean of one over the rank of the right node, other right nodes left out, from 0 to 1.</summary>
    public const string Mrr = "mrr";

    /// <summary>The share of examples whose right node is ranked first, other right nodes left out, from 0 to 1.</summary>
    public const string HitsAt1 = "hits@1";

    /// <summary>The share of examples whose right node is among the first three, likewise.</summary>
    public const string HitsAt3 = "hits@3";

    /// <summary>The share of examples whose right node is among the first ten, likewise.</summary>
    public const string HitsAt10 = "hits@10";

    /// <summary>Gets the metrics that compare predicted classes with true ones; see <see cref="Metrics.ByName"/>.</summary>
    public static IReadOnlyList<string> OfClasses { get; } = [Accuracy, MicroF1, MacroF1, Precision, Recall, Matthews];

    /// <summary>Gets the metrics that compare generated texts with right ones; see <see cref="TextMetrics.ByName"/>.</summary>
    public static IReadOnlyList<string> OfTexts { get; } = [ExactMatch, Bleu, RougeL];

    /// <summary>Gets the metrics of ranked nodes; see <see cref="NodeRanking.ByName"/>.</summary>
    public static IReadOnlyList<string> OfRanks { get; } = [Mrr, HitsAt1, HitsAt3, HitsAt10];

    /// <summary>Gets every name, those of classes first.</summary>
    public static IReadOnlyList<string> All { get; } = [.. OfClasses, LooseMicroF1, LooseMacroF1, RocAuc, Rmse, Mae, .. OfTexts, Perplexity, .. OfRanks];

    /// <summary>Whether a higher value of the metric is better. Errors and perplexity are better when low.</summary>
    /// <param name="name">One of <see cref="All"/>.</param>
    /// <returns>True for all but <see cref="Rmse"/>, <see cref="Mae"/> and <see cref="Perplexity"/>.</returns>
    public static bool IsHigherBetter(string name) => name is not (Rmse or Mae or Perplexity);
}
