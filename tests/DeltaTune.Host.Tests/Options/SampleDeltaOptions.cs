using System.ComponentModel.DataAnnotations;
using DeltaTune.Backbones;
using Range = System.ComponentModel.DataAnnotations.RangeAttribute;

namespace DeltaTune.Host.Tests.Options;

/// <summary>Options with one property of each sort.</summary>
public sealed record SampleDeltaOptions : IValidatableObject
{
    /// <summary>Gets the rank r.</summary>
    /// <value>1 or more.</value>
    [Range(1, int.MaxValue)]
    public int Rank { get; init; } = 8;

    [Range(0, double.MaxValue, MinimumIsExclusive = true)]
    public double Alpha { get; init; } = 16;

    [Range(0.0, 1.0, MaximumIsExclusive = true)]
    public double Dropout { get; init; }

    public Truncation CutFrom { get; init; } = Truncation.Tail;

    [AllowedValues("none", "all")]
    public string Bias { get; init; } = "none";

    [MinLength(1)]
    public IReadOnlyList<string> Sites { get; init; } = ["attn.q", "attn.v"];

    public IReadOnlyDictionary<string, int> RankPattern { get; init; } = new Dictionary<string, int>();

    public SampleNestedOptions Nested { get; init; } = new();

    public int? Limit { get; init; }

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (Limit < Rank)
        {
            yield return new ValidationResult($"must be at least the rank {Rank}, but is {Limit}", [nameof(Limit)]);
        }
    }
}
