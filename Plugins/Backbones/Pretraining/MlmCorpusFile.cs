using System.ComponentModel.DataAnnotations;
using DeltaTune.Options;

namespace DeltaTune.Backbones.Pretraining;

/// <summary>One file of a corpus.</summary>
public sealed record MlmCorpusFile
{
    /// <summary>Gets the file: plain text or gzip (<c>.gz</c>), UTF-8, one paragraph a line.</summary>
    [Required, PathOption(MayBeMissing = true)] // the objective tells what is not there
    public string Path { get; init; } = "";

    /// <summary>Gets how often an epoch goes through the file.</summary>
    /// <value>Above 0; 2.5 is twice all of it and once a random half. The default is 1.</value>
    [Range(0, 1000, MinimumIsExclusive = true)]
    public double Weight { get; init; } = 1;
}
