namespace DeltaTune.Host.Training;

/// <summary>The numbers, beside the tensors, that a training goes on from.</summary>
internal sealed record TrainingCounters
{
    /// <summary>Gets the steps done.</summary>
    public long Step { get; init; }

    /// <summary>Gets the step of the best evaluation; 0 before the first.</summary>
    public long BestStep { get; init; }

    /// <summary>Gets the score of that evaluation on the validation split; null before the first evaluation.</summary>
    public double? BestScore { get; init; }

    /// <summary>Gets the loss at that evaluation, in nats.</summary>
    public double? BestLoss { get; init; }

    /// <summary>Gets the best score of all evaluations, where score and loss are judged apart.</summary>
    public double? TopScore { get; init; }

    /// <summary>Gets the lowest loss of all evaluations, in nats, where score and loss are judged apart.</summary>
    public double? LeastLoss { get; init; }

    /// <summary>Gets the evaluations since the last that was good enough to go on.</summary>
    public int Stale { get; init; }

    /// <summary>Gets the losses summed since the last logged step.</summary>
    public double LossSum { get; init; }

    /// <summary>Gets how many were summed.</summary>
    public long LossCount { get; init; }

    /// <summary>Gets the mean loss of the last logged steps, in nats.</summary>
    public double LoggedLoss { get; init; } = double.NaN;

    /// <summary>Gets the time of training so far, in seconds.</summary>
    public double Seconds { get; init; }
}
