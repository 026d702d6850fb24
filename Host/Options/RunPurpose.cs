namespace DeltaTune.Host.Options;

/// <summary>What a run file is read for, which says what it must have.</summary>
internal enum RunPurpose
{
    /// <summary>To be looked at: nothing must be there.</summary>
    Inspection,

    /// <summary>To train or compare: task, backbone, template and verbalizer.</summary>
    Training,

    /// <summary>To pretrain: the objective.</summary>
    Pretraining,
}
