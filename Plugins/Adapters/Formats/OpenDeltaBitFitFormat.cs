using DeltaTune.Adapters.Train;
using DeltaTune.Backbones;
using DeltaTune.Deltas;
using DeltaTune.Sites;
using Newtonsoft.Json.Linq;

namespace DeltaTune.Adapters.Formats;

/// <summary>Reads BitFit as OpenDelta saves it: the trained biases by their names in the backbone. Biases that OpenDelta added itself have no place here.</summary>
internal sealed class OpenDeltaBitFitFormat : DeltaFormat
{
    /// <inheritdoc/>
    public override string Name => "opendelta:bitfit";

    /// <inheritdoc/>
    public override bool Reads(JObject config)
    {
        ArgumentNullException.ThrowIfNull(config);
        return config["delta_type"]?.ToString() == "bitfit";
    }

    /// <inheritdoc/>
    public override bool Writes(Delta delta) => false;

    /// <inheritdoc/>
    public override Delta Read(DeltaPackage package, Backbone backbone, IReadOnlyList<string> others)
    {
        ArgumentNullException.ThrowIfNull(package);
        ArgumentNullException.ThrowIfNull(backbone);
        IReadOnlyList<ParameterSite> parameters = BackboneTensors.Named(backbone, package.Tensors.Keys, others);
        if (parameters.Count == 0)
        {
            throw new InvalidRunException("delta_model.safetensors", $"has no tensor that is a parameter of '{backbone.DisplayName()}'");
        }

        var delta = new TrainDelta("bitfit", SelectorText.For(parameters, backbone.Sites), parameters);
        return TensorTransfer.AttachAndLoad(delta, package, backbone, others, p => [p.CheckpointName]);
    }

    /// <inheritdoc/>
    public override DeltaPackage Write(Delta delta, Backbone backbone)
        => throw new NotSupportedException("trained parameters are written in DeltaTune's own form");
}
