using System.Runtime.Serialization;
using Newtonsoft.Json;
using Newtonsoft.Json.Converters;

namespace DeltaTune.Adapters.Lora;

/// <summary>How A starts. B starts at zero, so that the update does.</summary>
[JsonConverter(typeof(StringEnumConverter))]
public enum LoraInit
{
    /// <summary>Uniform within ±1/√in: Kaiming with a = √5, as microsoft/LoRA and PEFT do.</summary>
    [EnumMember(Value = "kaiming")]
    Kaiming,

    /// <summary>Gaussian with standard deviation 1/r, as PEFT's <c>init_lora_weights: "gaussian"</c>.</summary>
    [EnumMember(Value = "gaussian")]
    Gaussian,
}
