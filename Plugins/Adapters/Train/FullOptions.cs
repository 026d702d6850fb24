using DeltaTune.Sites;
using Newtonsoft.Json;

namespace DeltaTune.Adapters.Train;

/// <summary>Settings of the <c>full</c> delta.</summary>
public sealed record FullOptions
{
    /// <summary>Gets the parameters to train, as a site selector.</summary>
    /// <value>The default is all; <c>all, !embeddings.**</c> leaves the embeddings frozen.</value>
    [JsonConverter(typeof(SelectorTextConverter))]
    public string Sites { get; init; } = "all";
}
