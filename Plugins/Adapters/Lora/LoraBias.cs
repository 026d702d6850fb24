using System.Runtime.Serialization;
using Newtonsoft.Json;
using Newtonsoft.Json.Converters;

namespace DeltaTune.Adapters.Lora;

/// <summary>Which biases of the backbone train beside LoRA, as in PEFT.</summary>
[JsonConverter(typeof(StringEnumConverter))]
public enum LoraBias
{
    /// <summary>No bias.</summary>
    [EnumMember(Value = "none")]
    None,

    /// <summary>The biases of the maps that LoRA acts on.</summary>
    [EnumMember(Value = "lora_only")]
    LoraOnly,

    /// <summary>Every bias of the backbone.</summary>
    [EnumMember(Value = "all")]
    All,
}
