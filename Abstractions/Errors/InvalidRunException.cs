namespace DeltaTune;

/// <summary>The user's mistake in a run file, a command line or a file that they named: exit code 2.</summary>
/// <remarks>A message is one sentence with four parts: where, the rule, what was seen, what would be right.</remarks>
public sealed class InvalidRunException : Exception
{
    /// <summary>One problem at one place.</summary>
    /// <param name="path">The place: a JSON path such as <c>deltas[0].rank</c>, or a file.</param>
    /// <param name="problem">The rest of the sentence: rule, what was seen, what would be right.</param>
    public InvalidRunException(string path, string problem)
        : this([new RunProblem(path, problem)])
    {
    }

    /// <summary>One problem at one place, with what caused it.</summary>
    /// <param name="path">The place: a JSON path such as <c>deltas[0].rank</c>, or a file.</param>
    /// <param name="problem">The rest of the sentence.</param>
    /// <param name="inner">What failed underneath.</param>
    public InvalidRunException(string path, string problem, Exception inner)
        : base(new RunProblem(path, problem).ToString(), inner)
        => Problems = [new RunProblem(path, problem)];

    /// <summary>Every problem of a run file, reported together.</summary>
    /// <param name="problems">One or more.</param>
    public InvalidRunException(IReadOnlyList<RunProblem> problems)
        : base(string.Join(Environment.NewLine, problems))
        => Problems = problems;

    /// <summary>Gets every problem found, in the order of the file.</summary>
    public IReadOnlyList<RunProblem> Problems { get; }
}
