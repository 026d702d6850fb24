using System.ComponentModel.DataAnnotations;
using DeltaTune.Sites;
using Newtonsoft.Json;

namespace DeltaTune.Adapters.Train;

/// <summary>Settings of the <c>train</c> delta.</summary>
public sealed record TrainOptions
{
    /// <summary>Gets the parameters to train, as a site selector: <c>embeddings.tokens.weight</c>, <c>layers[10-].**</c>, <c>bias</c>.</summary>
    /// <value>There is no default: what trains must be said.</value>
    [Required]
    [JsonConverter(typeof(SelectorTextConverter))]
    public string Sites { get; init; } = "";
}
