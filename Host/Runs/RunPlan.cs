namespace DeltaTune.Host.Runs;

/// <summary>What a run is about to train.</summary>
/// <param name="Name">The run's name.</param>
/// <param name="TrainableParameters">How many numbers train.</param>
/// <param name="TotalParameters">How many there are, the backbone's included.</param>
/// <param name="TrainExamples">Training examples.</param>
/// <param name="DevExamples">Examples that choose the best state.</param>
/// <param name="FirstStep">Steps done already, in a resumed run.</param>
/// <param name="TotalSteps">Steps in all.</param>
/// <param name="Device">What is computed on.</param>
internal sealed record RunPlan(
    string Name, long TrainableParameters, long TotalParameters, int TrainExamples, int DevExamples, long FirstStep, long TotalSteps, string Device);
