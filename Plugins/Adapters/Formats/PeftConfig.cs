using DeltaTune.Backbones;
using Newtonsoft.Json.Linq;

namespace DeltaTune.Adapters.Formats;

/// <summary>What all configurations of PEFT have in common.</summary>
internal static class PeftConfig
{
    /// <summary>The file's name, for messages.</summary>
    public const string FileName = "adapter_config.json";

    /// <summary>Tells whether a configuration is of a type.</summary>
    public static bool IsType(JObject config, string type)
        => config["peft_type"]?.Type == JTokenType.String && string.Equals(config["peft_type"]!.Value<string>(), type, StringComparison.OrdinalIgnoreCase);

    /// <summary>The keys that every type has, with PEFT's defaults. The head's modules are entered by whoever saves the head.</summary>
    public static JObject Common(string type, Backbone backbone) => new()
    {
        ["auto_mapping"] = null,
        ["base_model_name_or_path"] = backbone.DisplayName(),
        ["inference_mode"] = true,
        ["modules_to_save"] = null,
        ["peft_type"] = type,
        ["revision"] = null,
        ["task_type"] = null,
    };

    /// <summary>The same keys in the order of their names, as PEFT writes them.</summary>
    public static JObject Sorted(JObject config) => new(config.Properties().OrderBy(p => p.Name, StringComparer.Ordinal));
}
