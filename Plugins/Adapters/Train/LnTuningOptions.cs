using DeltaTune.Sites;
using Newtonsoft.Json;

namespace DeltaTune.Adapters.Train;

/// <summary>Settings of the <c>ln-tuning</c> delta.</summary>
public sealed record LnTuningOptions
{
    /// <summary>Gets the parameters to train, as a site selector.</summary>
    /// <value>The default is weight and bias of every norm, as PEFT's LN_TUNING.</value>
    [JsonConverter(typeof(SelectorTextConverter))]
    public string Sites { get; init; } = "norm.{weight,bias}";
}
