using System.ComponentModel.DataAnnotations;
using Newtonsoft.Json.Linq;

namespace DeltaTune.Host.Options;

/// <summary>What <c>compare</c> runs: the <c>compare</c> part of a run file.</summary>
public sealed record CompareOptions : IValidatableObject
{
    /// <summary>Gets the seeds that each variant is run with. An untrained backbone, which a seed draws, is drawn anew with each.</summary>
    /// <value>One or more. The default is 1, 2, 3: fewer tell nothing about the spread.</value>
    [MinLength(1)]
    public IReadOnlyList<long> Seeds { get; init; } = [1, 2, 3];

    /// <summary>Gets the variants by name: each is what it sets in the run file, path by path, as with <c>--set</c>.</summary>
    /// <value>For example <c>{"rank 4": {"deltas[0].rank": 4}}</c>. The default is none: the run file alone is compared over seeds.</value>
    public IReadOnlyDictionary<string, JObject> Variants { get; init; } = new Dictionary<string, JObject>();

    /// <summary>Gets what the variants are crossed with: each entry has settings by name, as the variants have, and every name of it is run with every variant.</summary>
    /// <value>For example <c>[{"gin": {"backbone.type": "gin"}, "gat": {"backbone.type": "gat"}}]</c>, whose rows are <c>gin · lora</c> and so on. An entry's settings are made before
    /// those of the entries after it, and the variant's last. The default is none.</value>
    public IReadOnlyList<IReadOnlyDictionary<string, JObject>> CrossedWith { get; init; } = [];

    /// <summary>Gets the variant that each other one is tested against: a paired t test over the seeds and a paired bootstrap over the test examples.</summary>
    /// <value>A row's name, or a variant's: then each row is tested against that variant with the same settings of <c>crossed_with</c>. The default, null, tests nothing.</value>
    public string? Reference { get; init; }

    /// <summary>Gets the chart over a number, which the page of the comparison shows in place of that over trained parameters: a line a variant, a panel for each name of the first
    /// entry of <c>crossed_with</c>.</summary>
    /// <value>For example <c>{"x": "task.train"}</c>. The default, null, is the chart over trained parameters.</value>
    public CompareChartOptions? Chart { get; init; }

    /// <inheritdoc/>
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (CrossedWith.Any(e => e.Count == 0))
        {
            yield return new ValidationResult("must name one or more settings in each entry, but an entry is empty", [nameof(CrossedWith)]);
        }
    }
}
