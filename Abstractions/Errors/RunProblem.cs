namespace DeltaTune;

/// <summary>One mistake: a place and the sentence about it.</summary>
/// <param name="Path">A JSON path such as <c>deltas[0].rank</c>, or a file's path.</param>
/// <param name="Problem">The rule, what was seen and what would be right, without the place.</param>
public sealed record RunProblem(string Path, string Problem)
{
    /// <inheritdoc/>
    public override string ToString() => $"{Path} {Problem}";
}
