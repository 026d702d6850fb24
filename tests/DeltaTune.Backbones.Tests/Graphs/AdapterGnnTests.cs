using DeltaTune.Adapters.Bottleneck;
using DeltaTune.Backbones.Graphs;
using DeltaTune.Batches;
using DeltaTune.Deltas;
using DeltaTune.Sites;
using TorchSharp;
using static TorchSharp.torch;

namespace DeltaTune.Backbones.Tests.Graphs;

/// <summary>AdapterGNN as two adapters with batch norms: one reads before message passing, one after it, both add to the layer's own norm.</summary>
[TestFixture]
public sealed class AdapterGnnTests
{
    private DisposeScope _scope = null!;

    [SetUp]
    public void Open() => _scope = NewDisposeScope();

    [TearDown]
    public void Close() => _scope.Dispose();

    [TestCase(true)]
    [TestCase(false)]
    public void Run_AdaptersBeforeAndAfterMessagePassing_AreLisEquation(bool training)
    {
        using Backbone backbone = new GinLoader(new GinOptions { Seed = 3, Layers = 1, HiddenSize = 8, Scheme = GraphScheme.Features, Features = 3 }).Load();
        using var before = new BottleneckDelta(Options("layers.*.in"));
        using var after = new BottleneckDelta(Options("conv.mlp.0"));
        before.Attach(backbone);
        after.Attach(backbone);
        ModelBatch batch = Molecules.Batch(backbone, GraphNetworks.Plain);
        using IDisposable off = no_grad();
        manual_seed(5);
        foreach (DeltaParameter parameter in before.Parameters().Concat(after.Parameters()).Concat(before.Buffers()).Concat(after.Buffers()))
        {
            parameter.Value.add_(rand(parameter.Value.shape));
        }

        (before.Training, after.Training) = (training, training);
        Dictionary<string, Tensor> own = backbone.Sites.OfType<ParameterSite>().Concat(backbone.Statistics).ToDictionary(s => s.CheckpointPath, s => s.Value);
        Tensor x = DenseGraph.Features(GraphNetworks.Plain);
        Tensor m = x + DenseGraph.Adjacency(GraphNetworks.Plain).mm(x);
        Tensor h = DenseGraph.Norm(own, "norms.0", DenseGraph.Map(own, "convs.0.nn.2", DenseGraph.Map(own, "convs.0.nn.0", m).relu()));
        Tensor expected = h + Adapter(before, x) + Adapter(after, m);

        Tensor actual = backbone.Run(batch).States;

        Assert.That((actual - expected).abs().max().item<float>(), Is.LessThan(1e-4)); // float32; the norms divide by small deviations

        Tensor Adapter(Delta delta, Tensor read)
        {
            Dictionary<string, Tensor> parts = delta.Parameters().Concat(delta.Buffers()).ToDictionary(p => p.LocalName, p => p.Value.clone());
            Tensor z = DenseGraph.Map(parts, "up_proj", DenseGraph.Map(parts, "down_proj", read).relu());
            if (training)
            {
                (parts["norm.running_mean"], parts["norm.running_var"]) = (z.mean([0]), z.var(0, false));
            }

            return DenseGraph.Norm(parts, "norm", z) * parts["scale"];
        }
    }

    // Where a convolution is message passing alone, what it gives is what the norm reads: m = (h - β)·√(σ² + ε)/γ + μ of the untouched layer's h.
    [TestCase("graphsage")]
    [TestCase("gcn")]
    [TestCase("gat")]
    public void Run_ConvolutionWithoutAMapAfterwards_ReadsWhatTheNormReads(string family)
    {
        using Backbone backbone = family switch
        {
            "gcn" => new GcnLoader(new GcnOptions { Seed = 3, Layers = 1, HiddenSize = 8 }).Load(),
            "gat" => new GatLoader(new GatOptions { Seed = 3, Layers = 1, HiddenSize = 8 }).Load(),
            _ => (Backbone)new GraphSageLoader(new GraphSageOptions { Seed = 3, Layers = 1, HiddenSize = 8 }).Load(),
        };
        ModelBatch batch = Molecules.Batch(backbone, Molecules.Chain, Molecules.Atom);
        using IDisposable off = no_grad();
        manual_seed(5);
        Tensor x = backbone.Embeddings.Call(batch).Inputs, h = backbone.Run(batch).States;
        Dictionary<string, Tensor> own = backbone.Sites.OfType<ParameterSite>().Concat(backbone.Statistics).ToDictionary(s => s.Path, s => s.Value);
        Tensor m = ((h - own["layers.0.norm.bias"]) * (own["layers.0.norm.running_var"] + 1e-5).sqrt() / own["layers.0.norm.weight"]) + own["layers.0.norm.running_mean"];
        using var before = new BottleneckDelta(Options("layers.*.in"));
        using var after = new BottleneckDelta(Options(null) with { Reads = BottleneckReads.Input });
        before.Attach(backbone);
        after.Attach(backbone);
        foreach (DeltaParameter parameter in before.Parameters().Concat(after.Parameters()).Concat(before.Buffers()).Concat(after.Buffers()))
        {
            parameter.Value.add_(rand(parameter.Value.shape));
        }

        Tensor actual = backbone.Run(batch).States;

        Assert.That((actual - (h + Answer(before, x) + Answer(after, m))).abs().max().item<float>(), Is.LessThan(1e-4)); // float32; the norms divide by small deviations
    }

    private static Tensor Answer(Delta delta, Tensor read)
    {
        Dictionary<string, Tensor> parts = delta.Parameters().Concat(delta.Buffers()).ToDictionary(p => p.LocalName, p => p.Value);
        return DenseGraph.Norm(parts, "norm", DenseGraph.Map(parts, "up_proj", DenseGraph.Map(parts, "down_proj", read).relu())) * parts["scale"];
    }

    private static BottleneckOptions Options(string? reads) => new()
    {
        BottleneckSize = 5, Sites = "norm", ReadSites = reads, NonLinearity = BottleneckActivation.Relu, Norm = BottleneckNorm.Batch, ScalingKind = BottleneckScaling.Learned, Scaling = 0.01,
    };
}
