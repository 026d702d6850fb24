using System.Runtime.Serialization;
using Newtonsoft.Json;
using Newtonsoft.Json.Converters;

namespace DeltaTune.Adapters.Bottleneck;

/// <summary>After which maps of a transformer layer the adapters stand.</summary>
[JsonConverter(typeof(StringEnumConverter))]
public enum BottleneckPlacement
{
    /// <summary>After attention's output map and after the feed-forward's, before residual and norm (Houlsby et al. 2019, figure 2).</summary>
    [EnumMember(Value = "houlsby")]
    Houlsby,

    /// <summary>After the feed-forward's output map alone (Pfeiffer et al. 2021), before residual and norm.</summary>
    [EnumMember(Value = "pfeiffer")]
    Pfeiffer,
}
