namespace DeltaTune.Backbones.Pretraining;

/// <summary>How far a run has come: what a checkpoint holds besides tensors.</summary>
internal sealed class MlmState
{
    /// <summary>Gets or sets the steps done.</summary>
    public long Step { get; set; }

    /// <summary>Gets the time of earlier parts of the run.</summary>
    public TimeSpan Elapsed { get; init; }

    /// <summary>Gets or sets the sum of losses since the last log line.</summary>
    public double LossSum { get; set; }

    /// <summary>Gets or sets how many steps that sum has.</summary>
    public long LossSteps { get; set; }

    /// <summary>Gets or sets the mean of the last log line, in nats.</summary>
    public double LastLoss { get; set; } = double.NaN;

    /// <summary>Gets or sets the last loss on held-out rows, in nats.</summary>
    public double? HeldOutLoss { get; set; }

    /// <summary>Counts a step.</summary>
    public void Add(double loss)
    {
        Step++;
        LossSum += loss;
        LossSteps++;
    }

    /// <summary>Gives the mean since the last call and begins anew.</summary>
    public double TakeMean()
    {
        LastLoss = LossSum / LossSteps;
        (LossSum, LossSteps) = (0, 0);
        return LastLoss;
    }
}
