using System.Runtime.Serialization;
using Newtonsoft.Json;
using Newtonsoft.Json.Converters;

namespace DeltaTune.Adapters.Bottleneck;

/// <summary>How the projections start. Biases start at zero.</summary>
[JsonConverter(typeof(StringEnumConverter))]
public enum BottleneckInit
{
    /// <summary>Down Kaiming-uniform, up zero: a fresh adapter changes nothing (He et al. 2022, arXiv:2110.04366, as AdapterHub's <c>mam_adapter</c>).</summary>
    [EnumMember(Value = "zero")]
    Zero,

    /// <summary>Both Gaussian with standard deviation 0.01: a fresh adapter changes the outputs a little, as OpenDelta's does.</summary>
    [EnumMember(Value = "opendelta")]
    OpenDelta,
}
