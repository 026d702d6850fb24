using DeltaTune;

namespace ScaleShift;

/// <summary>The entry type: the one class of the assembly that the host looks for.</summary>
public sealed class ScaleShiftPlugin : IPlugin
{
    /// <inheritdoc/>
    public void Register(IDeltaTuneBuilder builder) => builder
        .AddDelta<ScaleShiftDelta, ScaleShiftOptions>(ScaleShiftDelta.MethodName, "scales and shifts features", "Lian et al. 2022, arXiv:2210.08823")
        .AddDeltaFormat<ScaleShiftFormat>();
}
