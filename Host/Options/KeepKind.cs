namespace DeltaTune.Host.Options;

/// <summary>Which state of the trained parts a run keeps.</summary>
public enum KeepKind
{
    /// <summary>The one with the best score on the validation split.</summary>
    Best,

    /// <summary>The one after the last step.</summary>
    Last,
}
