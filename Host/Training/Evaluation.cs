namespace DeltaTune.Host.Training;

/// <summary>How well a split is scored.</summary>
/// <param name="Metric">The metric's name.</param>
/// <param name="Score">Its value; NaN where it is not defined.</param>
/// <param name="Loss">The mean loss of the examples with a label, in nats; of numbers, in variances of the training labels.</param>
/// <param name="Scores">The class scores of each example, in the split's order: <c>[examples][classes]</c>.</param>
internal sealed record Evaluation(string Metric, double Score, double Loss, IReadOnlyList<float[]> Scores)
{
    /// <summary>Gets the text written for each example; null where none was.</summary>
    public IReadOnlyList<string>? Texts { get; init; }

    /// <summary>Gets where the right node of each example is ranked; null where no nodes are. <see cref="Scores"/> is empty then: a score for each node is too much to keep.</summary>
    public IReadOnlyList<RankedNodes>? Ranks { get; init; }

    /// <summary>Gets all metrics computed, by name, where there are more than the task's; null elsewhere.</summary>
    public IReadOnlyDictionary<string, double>? Metrics { get; init; }

    /// <summary>Gets the class with the highest score for each example; of equals, the first.</summary>
    public int[] Predicted => [.. Scores.Select(s => Array.IndexOf(s, s.Max()))];
}
