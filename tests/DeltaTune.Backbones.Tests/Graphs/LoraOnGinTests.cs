using DeltaTune.Adapters.Lora;
using DeltaTune.Conformance;

namespace DeltaTune.Backbones.Tests.Graphs;

/// <summary>LoRA knows nothing of graphs, and acts on their maps as on any other.</summary>
[TestFixture]
public sealed class LoraOnGinTests() : DeltaConformance(new DeltaCase
{
    Delta = () => new LoraDelta(new LoraOptions { Rank = 2, Alpha = 4, Sites = "conv.mlp.{0,1}" }),
    Backbone = () => Molecules.Network(),
    Batch = Molecules.Batch,
    Merges = true,
});
