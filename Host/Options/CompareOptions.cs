using System.ComponentModel.DataAnnotations;
using Newtonsoft.Json.Linq;

namespace DeltaTune.Host.Options;

/// <summary>What <c>compare</c> runs: the <c>compare</c> part of a run file.</summary>
public sealed record CompareOptions
{
    /// <summary>Gets the seeds that each variant is run with. An untrained backbone, which a seed draws, is drawn anew with each.</summary>
    /// <value>One or more. The default is 1, 2, 3: fewer tell nothing about the spread.</value>
    [MinLength(1)]
    public IReadOnlyList<long> Seeds { get; init; } = [1, 2, 3];

    /// <summary>Gets the variants by name: each is what it sets in the run file, path by path, as with <c>--set</c>.</summary>
    /// <value>For example <c>{"rank 4": {"deltas[0].rank": 4}}</c>. The default is none: the run file alone is compared over seeds.</value>
    public IReadOnlyDictionary<string, JObject> Variants { get; init; } = new Dictionary<string, JObject>();

    /// <summary>Gets the variant that each other one is tested against: a paired t test over the seeds and a paired bootstrap over the test examples.</summary>
    /// <value>A variant's name. The default, null, tests nothing.</value>
    public string? Reference { get; init; }
}
