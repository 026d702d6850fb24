namespace DeltaTune.Tasks;

/// <summary>How one class fared: true positives, all predicted, all actual.</summary>
internal readonly record struct ClassCounts(long Right, long Predicted, long Actual);
