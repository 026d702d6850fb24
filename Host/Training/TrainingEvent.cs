namespace DeltaTune.Host.Training;

/// <summary>What a training tells whoever watches: after each logged step, and after each evaluation.</summary>
/// <param name="Step">Steps done.</param>
/// <param name="TotalSteps">Steps in all.</param>
/// <param name="Epoch">Passes over the training split begun, from 1.</param>
/// <param name="Loss">Mean loss since the last logged step, penalties included, in nats; null at an evaluation.</param>
/// <param name="LearningRate">Of the step.</param>
/// <param name="GradientNorm">Before clipping.</param>
/// <param name="ExamplesPerSecond">Since the last logged step.</param>
/// <param name="Dev">The evaluation on the validation split, where there was one.</param>
/// <param name="IsBest">Whether that was the best so far.</param>
internal sealed record TrainingEvent(
    long Step, long TotalSteps, int Epoch, double? Loss, double LearningRate, double GradientNorm, double ExamplesPerSecond,
    Evaluation? Dev = null, bool IsBest = false);
