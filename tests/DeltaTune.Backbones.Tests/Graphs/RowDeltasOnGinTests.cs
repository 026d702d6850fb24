using DeltaTune.Adapters.Bottleneck;
using DeltaTune.Adapters.Lora;
using DeltaTune.Batches;
using DeltaTune.Deltas;
using DeltaTune.Deltas.Compositions;
using TorchSharp;
using static TorchSharp.torch;

namespace DeltaTune.Backbones.Tests.Graphs;

/// <summary>Graphs of one batch go through different deltas, as each would in a batch of its own.</summary>
[TestFixture]
public sealed class RowDeltasOnGinTests
{
    private static readonly string?[] Names = ["b", null, "a", "c", "a"];
    private static readonly Graph[] Graphs = [Molecules.Chain, Molecules.Chain, Molecules.Atom, Molecules.Chain, Molecules.Chain];

    private static Delta[] Deltas() =>
    [
        new LoraDelta(new LoraOptions { Rank = 2, Sites = "all-linear" }) { Name = "a" },
        new LoraDelta(new LoraOptions { Rank = 3, Sites = "conv.mlp.0" }) { Name = "b" },
        new BottleneckDelta(new BottleneckOptions { BottleneckSize = 3, Sites = "conv" }) { Name = "c" },
    ];

    [Test]
    public void Run_MixedGraphs_GivesStatesAndGradientsOfEachDeltasGraphsAlone()
    {
        using DisposeScope scope = NewDisposeScope();
        using Backbone backbone = Molecules.Network();
        Delta[] deltas = Deltas();
        using var route = new CompositeDelta(Compose.Route("a", "b", "c"), deltas);
        route.Prepare(backbone);
        Randomise(route);
        route.Attach(backbone);
        ModelBatch mixed = Molecules.Batch(backbone, Graphs) with { RowDeltas = Names };
        Tensor pooled = Pooled(mixed); // [graphs, hidden]
        Weighted(pooled, [0, 1, 2, 3, 4]).backward();
        Dictionary<string, Tensor?> together = deltas.SelectMany(d => d.Parameters().Select(p => (Key: $"{d.Name}/{p.Name}", p.Value.grad))).ToDictionary(g => g.Key, g => g.grad?.clone());
        route.Detach();

        foreach (Delta? delta in deltas.Append(null))
        {
            long[] rows = [.. Names.Select((n, i) => (n, i)).Where(r => r.n == delta?.Name).Select(r => (long)r.i)];
            delta?.Attach(backbone);
            foreach (DeltaParameter parameter in delta?.Parameters() ?? [])
            {
                parameter.Value.grad = null;
            }

            Tensor alone = Pooled(Molecules.Batch(backbone, [.. rows.Select(r => Graphs[r])]));

            Assert.That((pooled.index_select(0, tensor(rows)) - alone).abs().max().item<float>(), Is.LessThan(2e-5), $"{delta?.Name ?? "no delta"}"); // float32, three layers
            if (delta is not null)
            {
                Weighted(alone, rows).backward();
                foreach (DeltaParameter parameter in delta.Parameters())
                {
                    double size = parameter.Value.grad!.abs().max().item<float>();
                    Assert.That((together[$"{delta.Name}/{parameter.Name}"]! - parameter.Value.grad).abs().max().item<float>(), Is.LessThan(2e-5 * (1 + size)), $"{delta.Name}/{parameter.Name}");
                }

                delta.Detach();
            }
        }

        Tensor Pooled(ModelBatch batch) => backbone.Read(backbone.Run(batch), new ReadOut(ReadOutKind.Pooled));
    }

    [Test]
    public void Repeat_OfGraphs_GivesEachLaneEveryGraph()
    {
        using DisposeScope scope = NewDisposeScope();
        using Backbone backbone = Molecules.Network();
        using var parallel = new CompositeDelta(Compose.Parallel("a", "b", "c"), Deltas());
        ModelBatch batch = Molecules.Batch(backbone, Graphs);
        Tensor before = backbone.Read(backbone.Run(batch), new ReadOut(ReadOutKind.Pooled));

        parallel.Attach(backbone);
        ModelBatch repeated = parallel.Repeat(batch);

        Assert.That(repeated.Rows, Is.EqualTo(15));
        Assert.That(repeated.RowDeltas!.Skip(4).Take(2), Is.EqualTo(new[] { "a", "b" }));
        Tensor after = backbone.Read(backbone.Run(repeated), new ReadOut(ReadOutKind.Pooled));
        Assert.That((after - cat([before, before, before], 0)).abs().max().item<float>(), Is.LessThan(1e-6)); // fresh deltas change nothing
    }

    [Test]
    public void Run_RowsThatShareAGraph_GoThroughTheGraphsLane()
    {
        using DisposeScope scope = NewDisposeScope();
        using Backbone backbone = Molecules.Network();
        Delta[] deltas = Deltas();
        using var parallel = new CompositeDelta(Compose.Parallel("a", "c"), [deltas[0], deltas[2]]);
        parallel.Prepare(backbone);
        Randomise(parallel);
        ModelBatch batch = Molecules.Batch(backbone, Graphs[..2]) is GraphBatch graphs ? graphs with { ReadNodes = tensor([2L, 0, 1, 5, 6]) } : null!; // three rows at the first graph

        parallel.Attach(backbone);
        Tensor lanes = backbone.Run(parallel.Repeat(batch)).States.clone();                  // [2 · nodes, hidden]
        Assert.That(() => backbone.Run(batch with { RowDeltas = ["a", "a", "c", "a", "a"] }),
            Throws.InvalidOperationException.With.Message.Contains("rows 1 and 3 read out at one graph and go through 'a' and 'c'"));
        parallel.Detach();

        for (int lane = 0; lane < 2; lane++)
        {
            Delta alone = parallel.Parts[lane];
            alone.Attach(backbone);
            Tensor states = backbone.Run(batch).States;
            alone.Detach();
            double size = states.abs().max().item<float>();
            Assert.That((lanes.narrow(0, lane * states.size(0), states.size(0)) - states).abs().max().item<float>(), Is.LessThan(2e-5 * (1 + size)), alone.Name); // float32, three layers
        }
    }

    [Test]
    public void Attach_ASplitOnGraphs_SaysWhatToUse()
    {
        using Backbone backbone = Molecules.Network();
        using var split = new CompositeDelta(Compose.Split([1, 1], "a", "b", "c"), Deltas());

        Assert.That(() => split.Attach(backbone), Throws.TypeOf<InvalidRunException>().With.Message.EqualTo(
            "composition splits positions, which a graph has not; a route gives each graph a delta of its own"));
    }

    private static void Randomise(Delta delta)
    {
        using IDisposable off = no_grad();
        using var generator = new Generator(5);
        foreach (DeltaParameter parameter in delta.Parameters())
        {
            parameter.Value.copy_(randn(parameter.Value.shape, generator: generator).mul(0.3));
        }
    }

    private static Tensor Weighted(Tensor pooled, long[] rows)
        => (pooled * (tensor(rows).to(ScalarType.Float32).view(-1, 1) + 1) * arange(0, pooled.size(1), dtype: ScalarType.Float32).cos()).sum();
}
