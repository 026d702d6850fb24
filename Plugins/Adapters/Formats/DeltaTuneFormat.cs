using DeltaTune.Adapters.Bottleneck;
using DeltaTune.Adapters.Prefix;
using DeltaTune.Adapters.Train;
using DeltaTune.Backbones;
using DeltaTune.Deltas;
using DeltaTune.Sites;
using Newtonsoft.Json;
using Newtonsoft.Json.Linq;
using Newtonsoft.Json.Serialization;

namespace DeltaTune.Adapters.Formats;

/// <summary>Deltas that PEFT has no method for, or that it keeps otherwise, in the same two files: <c>peft_type</c> is <c>DELTATUNE_ADAPTER</c>, method and options are under <c>deltatune</c>.</summary>
/// <remarks>Tensor names are PEFT's: <c>base_model.model.</c>, the module's path in the checkpoint, the parameter's name there.</remarks>
internal sealed class DeltaTuneFormat : DeltaFormat
{
    private const string Type = "DELTATUNE_ADAPTER";
    private static readonly string[] s_trainMethods = ["train", "full", "bitfit", "ln-tuning"];
    private static readonly JsonSerializer s_options = JsonSerializer.Create(new JsonSerializerSettings
    {
        ContractResolver = new DefaultContractResolver { NamingStrategy = new SnakeCaseNamingStrategy() },
        MissingMemberHandling = MissingMemberHandling.Error,
        ObjectCreationHandling = ObjectCreationHandling.Replace,
    });

    /// <inheritdoc/>
    public override string Name => "deltatune";

    /// <inheritdoc/>
    public override bool Reads(JObject config)
    {
        ArgumentNullException.ThrowIfNull(config);
        return PeftConfig.IsType(config, Type) && (Method(config) is "adapter" or "prefix" || s_trainMethods.Contains(Method(config)));
    }

    /// <inheritdoc/>
    public override bool Writes(Delta delta) => delta is BottleneckDelta or PrefixDelta or TrainDelta;

    /// <inheritdoc/>
    public override Delta Read(DeltaPackage package, Backbone backbone, IReadOnlyList<string> others)
    {
        ArgumentNullException.ThrowIfNull(package);
        ArgumentNullException.ThrowIfNull(backbone);
        string method = Method(package.Config)!;
        JObject options = package.Config["deltatune"]!["options"] as JObject ?? [];
        Delta delta;
        if (method == "adapter")
        {
            var trained = SitesOf<ParameterSite>(package.Config, "trained", backbone);
            delta = new BottleneckDelta(Parse<BottleneckOptions>(options), SitesOf<MapSite>(package.Config, "sites", backbone), trained);
        }
        else if (method == "prefix")
        {
            delta = new PrefixDelta(Parse<PrefixOptions>(options), SitesOf<AttentionSite>(package.Config, "sites", backbone));
        }
        else
        {
            delta = new TrainDelta(method, Parse<TrainOptions>(options).Sites, SitesOf<ParameterSite>(package.Config, "trained", backbone));
        }

        return TensorTransfer.AttachAndLoad(delta, package, backbone, others, p => [NameOf(p)]);
    }

    /// <inheritdoc/>
    public override DeltaPackage Write(Delta delta, Backbone backbone)
    {
        ArgumentNullException.ThrowIfNull(delta);
        JObject config = PeftConfig.Common(Type, backbone);
        config["deltatune"] = new JObject
        {
            ["method"] = delta.Method,
            ["options"] = OptionsOf(delta),
            ["sites"] = new JArray(delta.Actions.Where(a => a.Effect is not null).Select(a => a.Site.Path)),
            ["trained"] = new JArray(delta.Actions.Where(a => a.Effect is null).Select(a => a.Site.Path)),
        };
        return new DeltaPackage(PeftConfig.Sorted(config), TensorTransfer.Save(delta, NameOf));
    }

    private static string? Method(JObject config) => (config["deltatune"] as JObject)?["method"]?.ToString();

    private static JObject OptionsOf(Delta delta) => delta switch
    {
        BottleneckDelta adapter => JObject.FromObject(adapter.Options, s_options),
        PrefixDelta prefix => JObject.FromObject(prefix.Options, s_options),
        _ => new JObject { ["sites"] = ((TrainDelta)delta).Sites },
    };

    private static string NameOf(DeltaParameter parameter) => TensorTransfer.PeftPrefix + parameter.CheckpointName;

    private static TOptions Parse<TOptions>(JObject options)
    {
        try
        {
            return options.ToObject<TOptions>(s_options)!;
        }
        catch (JsonException broken)
        {
            throw new InvalidRunException($"{PeftConfig.FileName} deltatune.options", $"cannot be read: {broken.Message}", broken);
        }
    }

    /// <summary>The sites that the file lists by common path.</summary>
    private static List<TSite> SitesOf<TSite>(JObject config, string key, Backbone backbone)
        where TSite : Site
    {
        var byPath = backbone.Sites.OfType<TSite>().DistinctBy(s => s.Path).ToDictionary(s => s.Path, StringComparer.Ordinal);
        var found = new List<TSite>();
        foreach (string path in new ConfigReader((JObject)config["deltatune"]!, PeftConfig.FileName + " deltatune").List(key) ?? [])
        {
            found.Add(byPath.TryGetValue(path, out TSite? site)
                ? site
                : throw new InvalidRunException($"{PeftConfig.FileName} deltatune.{key}", $"names '{path}', which '{backbone.DisplayName()}' does not have"));
        }

        return found;
    }
}
