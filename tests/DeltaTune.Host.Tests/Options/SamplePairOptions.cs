using System.ComponentModel.DataAnnotations;
using DeltaTune.Options;

namespace DeltaTune.Host.Tests.Options;

public sealed record SamplePairOptions
{
    [Required]
    [ComponentOption(ComponentKind.Backbone)]
    public ComponentChoice? First { get; init; }

    [ComponentOption(ComponentKind.Delta)]
    public ComponentChoice? Second { get; init; }
}
