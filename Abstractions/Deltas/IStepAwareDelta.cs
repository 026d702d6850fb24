namespace DeltaTune.Deltas;

/// <summary>A delta that acts after each optimiser step, as AdaLoRA's budget does. Gradients are still there when it is called.</summary>
public interface IStepAwareDelta
{
    /// <summary>Called after the optimiser's step and before gradients are cleared.</summary>
    /// <param name="step">From 1.</param>
    /// <param name="totalSteps">How many steps the run has.</param>
    void AfterStep(long step, long totalSteps);
}
