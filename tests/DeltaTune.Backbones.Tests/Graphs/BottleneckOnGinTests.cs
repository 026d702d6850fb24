using DeltaTune.Adapters.Bottleneck;
using DeltaTune.Conformance;

namespace DeltaTune.Backbones.Tests.Graphs;

/// <summary>The bottleneck adapter after each convolution.</summary>
[TestFixture]
public sealed class BottleneckOnGinTests() : DeltaConformance(new DeltaCase
{
    Delta = () => new BottleneckDelta(new BottleneckOptions { BottleneckSize = 3, Sites = "conv" }),
    Backbone = () => Molecules.Network(),
    Batch = Molecules.Batch,
});
