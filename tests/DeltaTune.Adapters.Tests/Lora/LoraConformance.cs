using DeltaTune.Adapters.Formats;
using DeltaTune.Adapters.Lora;
using DeltaTune.Conformance;

namespace DeltaTune.Adapters.Tests.Lora;

[TestFixture(LoraBias.None)]
[TestFixture(LoraBias.LoraOnly)]
[TestFixture(LoraBias.All)]
public sealed class LoraConformance(LoraBias bias) : DeltaConformance(new DeltaCase
{
    Delta = () => new LoraDelta(new LoraOptions { Rank = 3, Alpha = 6, Sites = "all-linear, !layers.0.ffn.in", Bias = bias, RankPattern = new Dictionary<string, int> { ["attn.v"] = 2 } }),
    Backbone = () => new TinyBackbone(),
    Batch = TinyBackbone.Batch,
    Merges = true,
    TrainsBackbone = bias != LoraBias.None,
    Format = new PeftLoraFormat(),
});
