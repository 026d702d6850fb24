namespace DeltaTune.Host.Options;

/// <summary>How the learning rate goes after the warm-up.</summary>
public enum ScheduleKind
{
    /// <summary>In a straight line to 0 at the last step.</summary>
    Linear,

    /// <summary>Along half a cosine to 0 at the last step (Loshchilov &amp; Hutter 2017, arXiv:1608.03983, without restarts).</summary>
    Cosine,

    /// <summary>Not at all.</summary>
    Constant,
}
