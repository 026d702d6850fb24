namespace DeltaTune.Training;

/// <summary>The factor on the learning rate at each step: up from 0 along a line, then as <see cref="Kind"/> says.</summary>
/// <remarks>Source: get_constant_, get_linear_ and get_cosine_schedule_with_warmup of huggingface/transformers, optimization.py.</remarks>
/// <param name="Kind">How it goes after the warm-up.</param>
/// <param name="WarmupSteps">Steps on the way up; 0 for none.</param>
/// <param name="TotalSteps">Steps in all, warm-up included.</param>
public sealed record LearningRateSchedule(ScheduleKind Kind, long WarmupSteps, long TotalSteps)
{
    /// <summary>Gives the factor for a step.</summary>
    /// <param name="step">How many steps were taken before: 0 for the first.</param>
    /// <returns>From 0 to 1, no unit. The first step of a warm-up has 0, as in the source.</returns>
    public double Factor(long step)
    {
        if (step < WarmupSteps)
        {
            return (double)step / WarmupSteps;
        }

        double gone = Math.Clamp((double)(step - WarmupSteps) / Math.Max(1, TotalSteps - WarmupSteps), 0, 1);
        return Kind switch
        {
            ScheduleKind.Linear => 1 - gone,
            ScheduleKind.Cosine => 0.5 * (1 + Math.Cos(Math.PI * gone)),
            _ => 1,
        };
    }
}
