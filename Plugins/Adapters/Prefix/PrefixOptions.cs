using System.ComponentModel.DataAnnotations;
using DeltaTune.Sites;
using Newtonsoft.Json;

namespace DeltaTune.Adapters.Prefix;

/// <summary>Settings of the <c>prefix</c> delta.</summary>
public sealed record PrefixOptions
{
    /// <summary>Gets how many keys and values go before each attention's own, in virtual tokens.</summary>
    /// <value>1 or more. The default is 6, as OpenDelta's <c>prefix_token_num</c>.</value>
    [Range(1, int.MaxValue)]
    public int PrefixLength { get; init; } = 6;

    /// <summary>Gets the sites to act on, as a site selector: attentions.</summary>
    /// <value>The default, <c>attn.kv</c>, is the attention of every layer, as in Li and Liang 2021, §4.2.</value>
    [JsonConverter(typeof(SelectorTextConverter))]
    public string Sites { get; init; } = "attn.kv";

    /// <summary>Gets the layers to act in, such as <c>0-5</c> or <c>1,3,8-</c>.</summary>
    /// <value>The default, null, is all.</value>
    public string? Layers { get; init; }

    /// <summary>Gets the standard deviation of the Gaussian that keys and values start from, around zero.</summary>
    /// <value>0 or more, in the keys' and values' own unit. The default is 0.02, BERT's and GPT-2's <c>initializer_range</c>; OpenDelta starts with 1.</value>
    [Range(0, double.MaxValue)]
    public double InitDeviation { get; init; } = 0.02;
}
