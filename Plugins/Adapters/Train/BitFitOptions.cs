using DeltaTune.Sites;
using Newtonsoft.Json;

namespace DeltaTune.Adapters.Train;

/// <summary>Settings of the <c>bitfit</c> delta.</summary>
public sealed record BitFitOptions
{
    /// <summary>Gets the parameters to train, as a site selector.</summary>
    /// <value>The default, <c>bias</c>, is every bias (Ben Zaken et al. 2022, §3). Theirs of query and of the second feed-forward map alone:
    /// <c>attn.q.bias, ffn.in.bias</c>.</value>
    [JsonConverter(typeof(SelectorTextConverter))]
    public string Sites { get; init; } = "bias";
}
