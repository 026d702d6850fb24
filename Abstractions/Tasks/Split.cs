namespace DeltaTune.Tasks;

/// <summary>One of the three parts of a task's examples.</summary>
public enum Split
{
    /// <summary>What deltas, templates and verbalizers are trained on.</summary>
    Train,

    /// <summary>What chooses the best checkpoint and settings.</summary>
    Dev,

    /// <summary>What a reported score is measured on, once.</summary>
    Test,
}
