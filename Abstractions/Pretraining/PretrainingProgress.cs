namespace DeltaTune.Pretraining;

/// <summary>How far pretraining has come.</summary>
/// <param name="Step">Steps done.</param>
/// <param name="TotalSteps">Steps in all.</param>
/// <param name="Loss">Mean loss since the last report, in nats a predicted token or node.</param>
/// <param name="HeldOutLoss">Loss on held-out data where it was measured at this step, in nats; else null.</param>
/// <param name="ItemsPerSecond">Tokens or graphs a second since the last report.</param>
/// <param name="Elapsed">Time of training, earlier parts of a resumed run included.</param>
public sealed record PretrainingProgress(long Step, long TotalSteps, double Loss, double? HeldOutLoss, double ItemsPerSecond, TimeSpan Elapsed);
