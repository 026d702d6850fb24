using DeltaTune.Adapters.Lora;
using DeltaTune.Backbones;
using DeltaTune.Sites;
using Newtonsoft.Json.Linq;

namespace DeltaTune.Adapters.Formats;

/// <summary>PEFT's <c>LoraConfig</c> as a file: its keys to our options, and back.</summary>
internal static class PeftLoraConfig
{
    // Keys that change the mathematics when they are set to anything but these values.
    private static readonly string[] s_mustBeOff =
        ["use_dora", "lora_bias", "use_qalora", "use_bdlora", "layer_replication", "target_parameters", "trainable_token_indices", "alora_invocation_tokens"];

    /// <summary>Refuses what would load and then compute something else.</summary>
    /// <exception cref="InvalidRunException">The configuration asks for a variant of LoRA that this method is not.</exception>
    public static void RefuseUnknownMathematics(JObject config)
    {
        var reader = new ConfigReader(config, PeftConfig.FileName);
        foreach (string key in s_mustBeOff)
        {
            JToken? value = config[key];
            bool off = value is null || value.Type == JTokenType.Null || (value.Type == JTokenType.Boolean && !value.Value<bool>()) || value is JContainer { Count: 0 };
            if (!off)
            {
                throw reader.Wrong(key, $"must be off for the delta 'lora', but is {value!.ToString(Newtonsoft.Json.Formatting.None)}");
            }
        }

        string init = config["init_lora_weights"]?.Type == JTokenType.String ? config["init_lora_weights"]!.Value<string>()! : "";
        if (init.Length > 0 && init is not ("gaussian" or "eva" or "orthogonal"))
        {
            throw reader.Wrong(
                "init_lora_weights",
                $"must leave the backbone's weights as they are (true, false, 'gaussian', 'eva'), but is '{init}'; let PEFT convert the file (path_initial_model_for_weight_conversion)");
        }
    }

    /// <summary>The options that a configuration stands for, but for the sites.</summary>
    public static LoraOptions Options(ConfigReader config) => new()
    {
        Rank = config.Positive("r", 8),
        Alpha = config.Value("lora_alpha", 8.0),
        Dropout = config.Value("lora_dropout", 0.0),
        Rslora = config.Value("use_rslora", false),
        Bias = config.Value("bias", "none") switch
        {
            "none" => LoraBias.None,
            "lora_only" => LoraBias.LoraOnly,
            "all" => LoraBias.All,
            string other => throw config.Wrong("bias", $"must be 'none', 'lora_only' or 'all', but is '{other}'"),
        },
    };

    /// <summary>The configuration of a delta that was made here, with every key that PEFT 0.14 writes.</summary>
    public static JObject Write(LoraDelta delta, Backbone backbone)
    {
        LoraOptions options = delta.Options;
        JObject config = PeftConfig.Common("LORA", backbone);
        string[] modules = [.. delta.Placements.Select(p => p.Site.CheckpointPath).Distinct(StringComparer.Ordinal)];
        string[] all = [.. backbone.Sites.OfType<LinearSite>().Select(s => s.CheckpointPath)];
        int rank = MostCommon(delta.Placements.Select(p => p.Rank));
        double alpha = MostCommon(delta.Placements.Select(p => p.Alpha));
        config["alpha_pattern"] = Pattern(delta.Placements.Where(p => p.Alpha != alpha).Select(p => (p.Site, Number(p.Alpha))));
        config["bias"] = options.Bias switch { LoraBias.None => "none", LoraBias.LoraOnly => "lora_only", _ => "all" };
        config["eva_config"] = null;
        config["exclude_modules"] = null;
        config["fan_in_fan_out"] = false;
        config["init_lora_weights"] = options.Init == LoraInit.Gaussian ? "gaussian" : true;
        config["layer_replication"] = null;
        config["layers_pattern"] = null;
        config["layers_to_transform"] = null;
        config["loftq_config"] = new JObject();
        config["lora_alpha"] = Number(alpha);
        config["lora_bias"] = false;
        config["lora_dropout"] = options.Dropout;
        config["megatron_config"] = null;
        config["megatron_core"] = "megatron.core";
        config["r"] = rank;
        config["rank_pattern"] = Pattern(delta.Placements.Where(p => p.Rank != rank).Select(p => (p.Site, new JValue(p.Rank))));
        config["target_modules"] = new JArray(ModuleTargets.For(modules, all));
        config["use_dora"] = false;
        config["use_rslora"] = options.Rslora;

        // Whole modules of the backbone trained beside LoRA (biases have a key of their own) are what PEFT calls modules to save.
        string[] whole = [.. delta.Actions.Where(a => a.Site is ParameterSite && !(options.Bias != LoraBias.None && a.Site.CheckpointPath.EndsWith(".bias", StringComparison.Ordinal)))
            .Select(a => a.Site.CheckpointPath[..Math.Max(0, a.Site.CheckpointPath.LastIndexOf('.'))]).Distinct(StringComparer.Ordinal)];
        if (whole.Length > 0)
        {
            config["modules_to_save"] = new JArray(whole);
        }

        return PeftConfig.Sorted(config);
    }

    private static JObject Pattern(IEnumerable<(LinearSite Site, JValue Value)> entries)
    {
        var pattern = new JObject();
        foreach ((LinearSite site, JValue value) in entries)
        {
            pattern[site.CheckpointPath] = value; // PEFT reads it as a regular expression: a dot matches itself, and no other path is that alike
        }

        return pattern;
    }

    private static JValue Number(double value) => value == Math.Floor(value) && Math.Abs(value) < 1e15 ? new JValue((long)value) : new JValue(value);

    private static T MostCommon<T>(IEnumerable<T> values)
        where T : notnull
        => values.GroupBy(v => v).OrderByDescending(g => g.Count()).First().Key;
}
