using DeltaTune.Conformance;
using ScaleShift;

namespace DeltaTune.Architecture.Tests.Sample;

[TestFixture("all-linear")]
[TestFixture("attn.{q,v}, ffn.in")]
public sealed class ScaleShiftConformance(string sites) : DeltaConformance(new DeltaCase
{
    Delta = () => new ScaleShiftDelta(new ScaleShiftOptions { Sites = sites }),
    Backbone = () => new TinyBackbone(),
    Batch = TinyBackbone.Batch,
    Merges = true,
    Format = new ScaleShiftFormat(),
});
