namespace DeltaTune.Host.Training;

/// <summary>The numbers, beside the tensors, that a training goes on from.</summary>
internal sealed record TrainingCounters
{
    /// <summary>Gets the steps done.</summary>
    public long Step { get; init; }

    /// <summary>Gets the step of the best evaluation; 0 before the first.</summary>
    public long BestStep { get; init; }

    /// <summary>Gets the best score on the validation split; null before the first evaluation.</summary>
    public double? BestScore { get; init; }

    /// <summary>Gets the loss at that evaluation, in nats.</summary>
    public double? BestLoss { get; init; }

    /// <summary>Gets the evaluations since the best one.</summary>
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
