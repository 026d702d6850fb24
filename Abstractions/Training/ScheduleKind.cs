namespace DeltaTune.Training;

/// <summary>How the learning rate goes after its warm-up.</summary>
public enum ScheduleKind
{
    /// <summary>It stays.</summary>
    Constant,

    /// <summary>It falls to 0 along a line.</summary>
    Linear,

    /// <summary>It falls to 0 along half a cosine.</summary>
    Cosine,
}
