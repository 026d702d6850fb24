using DeltaTune.Sites;
using static TorchSharp.torch;

namespace DeltaTune.Deltas;

/// <summary>One tensor that a delta trains.</summary>
/// <param name="Site">Where it acts.</param>
/// <param name="LocalName">Its name there, as saved: <c>lora_A.weight</c>; empty where the site itself is a parameter.</param>
/// <param name="Value">The tensor itself.</param>
public sealed record DeltaParameter(Site Site, string LocalName, Tensor Value)
{
    /// <summary>Gets the name by the common paths: <c>layers.3.attn.q.lora_A.weight</c>.</summary>
    public string Name => LocalName.Length == 0 ? Site.Path : $"{Site.Path}.{LocalName}";

    /// <summary>Gets the name by the checkpoint's paths: <c>bert.encoder.layer.3.attention.self.query.lora_A.weight</c>.</summary>
    public string CheckpointName => LocalName.Length == 0 ? Site.CheckpointPath : $"{Site.CheckpointPath}.{LocalName}";
}
