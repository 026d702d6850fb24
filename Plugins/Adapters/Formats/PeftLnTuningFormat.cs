using DeltaTune.Adapters.Train;
using DeltaTune.Backbones;
using DeltaTune.Deltas;
using DeltaTune.Sites;
using Newtonsoft.Json.Linq;

namespace DeltaTune.Adapters.Formats;

/// <summary>Trained norms as PEFT's LN_TUNING keeps them: <c>base_model.model.MODULE.ln_tuning_layers.weight</c>.</summary>
internal sealed class PeftLnTuningFormat : DeltaFormat
{
    /// <inheritdoc/>
    public override string Name => "peft:LN_TUNING";

    /// <inheritdoc/>
    public override bool Reads(JObject config)
    {
        ArgumentNullException.ThrowIfNull(config);
        return PeftConfig.IsType(config, "LN_TUNING");
    }

    /// <inheritdoc/>
    public override bool Writes(Delta delta)
    {
        ArgumentNullException.ThrowIfNull(delta);
        if (delta is not TrainDelta || delta.Method != "ln-tuning" || delta.Backbone is null)
        {
            return false;
        }

        // PEFT trains whole modules: where a weight is trained without its bias, the file would say too much.
        var trained = delta.Actions.Select(a => a.Site.CheckpointPath).ToHashSet(StringComparer.Ordinal);
        var modules = trained.Select(Owner).ToHashSet(StringComparer.Ordinal);
        return delta.Backbone.Sites.OfType<ParameterSite>().All(s => !modules.Contains(Owner(s.CheckpointPath)) || trained.Contains(s.CheckpointPath));
    }

    /// <inheritdoc/>
    public override Delta Read(DeltaPackage package, Backbone backbone, IReadOnlyList<string> others)
    {
        ArgumentNullException.ThrowIfNull(package);
        ArgumentNullException.ThrowIfNull(backbone);
        var targets = new PeftTargets(package.Config, PeftConfig.FileName);
        ParameterSite[] parameters = [.. backbone.Sites.OfType<ParameterSite>().Where(s => targets.Hits(Owner(s.CheckpointPath), s.Layer)).DistinctBy(s => s.CheckpointPath)];
        if (parameters.Length == 0)
        {
            throw targets.NothingHit(backbone);
        }

        var delta = new TrainDelta("ln-tuning", SelectorText.For(parameters, backbone.Sites), parameters, (JObject)package.Config.DeepClone());
        return TensorTransfer.AttachAndLoad(delta, package, backbone, others, p => [NameOf(p)]);
    }

    /// <inheritdoc/>
    public override DeltaPackage Write(Delta delta, Backbone backbone)
    {
        ArgumentNullException.ThrowIfNull(delta);
        ArgumentNullException.ThrowIfNull(backbone);
        if (delta is TrainDelta { Source: { } source } && Reads(source))
        {
            return new DeltaPackage((JObject)source.DeepClone(), TensorTransfer.Save(delta, NameOf));
        }

        string[] modules = [.. delta.Actions.Select(a => Owner(a.Site.CheckpointPath)).Distinct(StringComparer.Ordinal)];
        string[] all = [.. backbone.Sites.OfType<ParameterSite>().Select(s => Owner(s.CheckpointPath)).Distinct(StringComparer.Ordinal)];
        JObject config = PeftConfig.Common("LN_TUNING", backbone);
        config["exclude_modules"] = null;
        config["target_modules"] = new JArray(ModuleTargets.For(modules, all));
        return new DeltaPackage(PeftConfig.Sorted(config), TensorTransfer.Save(delta, NameOf));
    }

    private static string NameOf(DeltaParameter parameter)
    {
        string path = parameter.CheckpointName;
        return $"{TensorTransfer.PeftPrefix}{Owner(path)}.ln_tuning_layers{path[path.LastIndexOf('.')..]}";
    }

    private static string Owner(string parameter) => parameter[..Math.Max(0, parameter.LastIndexOf('.'))];
}
