using DeltaTune.Adapters.Bottleneck;
using DeltaTune.Adapters.Lora;
using DeltaTune.Batches;
using DeltaTune.Conformance;
using DeltaTune.Deltas;
using TorchSharp;
using static TorchSharp.torch;

namespace DeltaTune.Backbones.Tests.Graphs;

[TestFixture]
public sealed class BothOnGinTests
{
    [Test]
    public void Detach_LoraAndAdapterTrainedTogether_GivesOutputsBackBitForBit()
    {
        using DisposeScope scope = NewDisposeScope();
        random.manual_seed(1);
        using Backbone backbone = Molecules.Network();
        ModelBatch batch = Molecules.Batch();
        using Head head = backbone.CreateHead(2);
        Tensor labels = tensor([0L, 1L]);
        Tensor before = Outputs();
        using Delta lora = new LoraDelta(new LoraOptions { Rank = 2, Sites = "all-linear" });
        using Delta adapter = new BottleneckDelta(new BottleneckOptions { BottleneckSize = 3, Sites = "conv" });
        lora.Attach(backbone);
        adapter.Attach(backbone);
        Assert.That(Same.Values(Outputs(), before), Is.True, "fresh deltas change nothing");

        TorchSharp.Modules.Parameter[] trained = [.. lora.Effects.Concat(adapter.Effects).SelectMany(e => e.parameters()), .. head.parameters()];
        using optim.Optimizer optimizer = optim.Adam(trained, 0.01);
        double first = Loss().item<float>();
        for (int step = 0; step < 10; step++)
        {
            optimizer.zero_grad();
            Loss().backward();
            optimizer.step();
        }

        Assert.That(Loss().item<float>(), Is.LessThan(first));
        Assert.That(Same.Values(Outputs(), before), Is.False);
        lora.Detach();
        adapter.Detach();
        Assert.That(Same.Values(Outputs(), before), Is.True);

        Tensor Loss() => nn.functional.cross_entropy(head.call(backbone.Run(batch)), labels);

        Tensor Outputs()
        {
            using IDisposable off = no_grad();
            return backbone.Run(batch).States;
        }
    }
}
