using System.ComponentModel.DataAnnotations;
using Range = System.ComponentModel.DataAnnotations.RangeAttribute;

namespace DeltaTune.Host.Tests.Options;

public sealed record SampleNestedOptions
{
    [Range(1, 12)]
    public int InnerSize { get; init; } = 3;

    public bool UseBias { get; init; }
}
