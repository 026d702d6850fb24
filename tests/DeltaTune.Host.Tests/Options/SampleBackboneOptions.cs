using System.ComponentModel.DataAnnotations;
using DeltaTune.Options;

namespace DeltaTune.Host.Tests.Options;

public sealed record SampleBackboneOptions
{
    [Required]
    [PathOption]
    public string Path { get; init; } = "";
}
