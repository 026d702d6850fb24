namespace DeltaTune.Golden;

/// <summary>A kind of case, told by what its golden.json says, never by its name.</summary>
internal interface IGoldenKind
{
    /// <summary>Whether this kind runs the case.</summary>
    bool Covers(GoldenCase golden);

    /// <summary>Runs it: every comparison is recorded in the case.</summary>
    void Run(GoldenCase golden);
}
