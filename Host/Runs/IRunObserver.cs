using DeltaTune.Host.Training;

namespace DeltaTune.Host.Runs;

/// <summary>Watches a run.</summary>
internal interface IRunObserver
{
    /// <summary>Told in whole sentences what the user should know.</summary>
    void Say(string sentence);

    /// <summary>Told before the first step.</summary>
    /// <param name="plan">What is about to be trained.</param>
    void Started(RunPlan plan);

    /// <summary>Told after each logged step and each evaluation.</summary>
    void Reached(TrainingEvent reached);
}
