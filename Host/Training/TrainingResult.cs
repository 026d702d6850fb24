namespace DeltaTune.Host.Training;

/// <summary>What a training reached.</summary>
/// <param name="Steps">Steps done.</param>
/// <param name="BestStep">The step whose state was kept.</param>
/// <param name="Loss">The training loss over the last logged steps, in nats.</param>
/// <param name="DevScore">The metric on the validation split at the kept step; null where there is no such split.</param>
/// <param name="DevLoss">The loss there, in nats.</param>
/// <param name="Seconds">Time of training and of evaluation on the validation split, earlier parts of a resumed run included.</param>
internal sealed record TrainingResult(long Steps, long BestStep, double Loss, double? DevScore, double? DevLoss, double Seconds);
