using DeltaTune.Backbones.Graphs;
using DeltaTune.Conformance;
using DeltaTune.Files;
using DeltaTune.Sites;
using TorchSharp;
using static TorchSharp.torch;

namespace DeltaTune.Backbones.Tests.Graphs;

[TestFixture]
public sealed class GinLoaderTests
{
    private DisposeScope _scope = null!;
    private string _folder = null!;

    [SetUp]
    public void Open() => (_scope, _folder) = (NewDisposeScope(), Directory.CreateTempSubdirectory("deltatune-gin-").FullName);

    [TearDown]
    public void Close()
    {
        _scope.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [TestCase("")]
    [TestCase("gnn.")]
    public void Load_WhatWasSaved_GivesTheSameNetworkAndHead(string prefix)
    {
        using Backbone first = Molecules.Network();
        using Head head = first.CreateHead(3);
        string path = Save(first, prefix, ("graph_pred_linear.weight", head.get_parameter("weight")!), ("graph_pred_linear.bias", head.get_parameter("bias")!));

        using Backbone second = Load(path);

        var batch = Molecules.Batch();
        Assert.That(second.Description, Is.EqualTo(first.Description with { Source = path }));
        Assert.That(new GinLoader(new GinOptions { Path = path }).Describe(), Is.EqualTo(second.Description));
        Assert.That(Same.Values(second.Run(batch).States, first.Run(batch).States), Is.True);
        using Head read = second.CreateHead(3), fresh = second.CreateHead(2);
        Assert.That(Same.Values(read.call(second.Run(batch)), head.call(first.Run(batch))), Is.True);
        Assert.That(fresh.call(second.Run(batch)).shape, Is.EqualTo(new long[] { 2, 2 }));
    }

    [Test]
    public void Fingerprint_OtherStatistics_Differs()
    {
        using Backbone first = Molecules.Network();
        string same = Save(first, ""), other = Save(first, "", ("batch_norms.0.running_mean", ones(8)));

        using Backbone second = Load(same), third = Load(other);

        Assert.That(second.Fingerprint, Is.EqualTo(first.Fingerprint).And.Not.EqualTo(third.Fingerprint));
    }

    [Test]
    public void Load_NetworkOfAnMlpWithNorms_KeepsEpsilonAndNorms()
    {
        string path = Path.Combine(_folder, "pyg.safetensors");
        SafetensorsFile.Write(path, [
            ("convs.0.eps", tensor([0.5f])), ("convs.0.nn.lins.0.weight", rand(6, 3)), ("convs.0.nn.lins.0.bias", rand(6)),
            .. Norm("convs.0.nn.norms.0.module", 6), ("convs.0.nn.lins.1.weight", rand(4, 6)), ("convs.0.nn.lins.1.bias", rand(4)),
            .. Norm("norms.0.module", 4)]);

        using Backbone backbone = Load(path, new GinOptions { Path = path, Scheme = GraphScheme.Features, TrainEpsilon = true });

        Assert.That(backbone.Description.FeatureScheme, Is.EqualTo("features"));
        Assert.That(backbone.Sites.OfType<ParameterSite>().Select(s => s.CheckpointPath), Is.EqualTo(new[]
        {
            "convs.0.eps", "convs.0.nn.lins.0.weight", "convs.0.nn.lins.0.bias", "convs.0.nn.norms.0.module.weight", "convs.0.nn.norms.0.module.bias",
            "convs.0.nn.lins.1.weight", "convs.0.nn.lins.1.bias", "norms.0.module.weight", "norms.0.module.bias",
        }));
        Assert.That(backbone.Sites.OfType<LinearSite>().Select(s => (s.Path, s.InFeatures, s.OutFeatures)),
            Is.EqualTo(new[] { ("layers.0.conv.mlp.0", 3L, 6L), ("layers.0.conv.mlp.1", 6L, 4L) }));

        static (string, Tensor)[] Norm(string name, int width)
            => [(name + ".weight", ones(width)), (name + ".bias", zeros(width)), (name + ".running_mean", zeros(width)), (name + ".running_var", ones(width))];
    }

    [Test]
    public void Load_NaN_NamesTheTensor()
    {
        using Backbone first = Molecules.Network();
        string path = Save(first, "", ("gnns.1.mlp.0.bias", full(16, float.NaN)));

        Assert.That(() => Load(path), Throws.TypeOf<InvalidRunException>()
            .With.Message.StartsWith($"'{path}': tensor 'gnns.1.mlp.0.bias' must have finite values only, but has NaN or infinity"));
    }

    [Test]
    public void Load_AnotherShape_NamesBothShapes()
    {
        using Backbone first = Molecules.Network();
        string path = Save(first, "", ("gnns.1.mlp.2.bias", zeros(1)));

        Assert.That(() => Load(path), Throws.TypeOf<InvalidRunException>()
            .With.Message.StartsWith($"'{path}': tensor 'gnns.1.mlp.2.bias' must be [8]").And.Message.Contains("but is [1]"));
    }

    [Test]
    public void Describe_AnotherNetwork_SaysWhatIsMissing()
    {
        string path = Path.Combine(_folder, "gcn.safetensors");
        SafetensorsFile.Write(path, [("x_embedding1.weight", rand(120, 8)), ("x_embedding2.weight", rand(3, 8)), ("gnns.0.linear.weight", rand(8, 8))]);

        Assert.That(() => new GinLoader(new GinOptions { Path = path }).Describe(), Throws.TypeOf<InvalidRunException>()
            .With.Message.Contains("has no matrix 'gnns.0.mlp.0.weight'; it has 3 tensors"));
    }

    [Test]
    public void Describe_SizesThatDisagree_SaysWhatTheCheckpointHas()
    {
        using Backbone first = Molecules.Network();
        string path = Save(first, "");

        Assert.That(() => new GinLoader(new GinOptions { Path = path, Layers = 5 }).Describe(), Throws.TypeOf<InvalidRunException>()
            .With.Message.StartsWith("layers must be 3, as in the checkpoint, or be left out, but is 5"));
    }

    private static Backbone Load(string path, GinOptions? options = null) => new GinLoader(options ?? new GinOptions { Path = path }).Load();

    // The state dict, some of its tensors replaced.
    private string Save(Backbone backbone, string prefix, params (string Name, Tensor Value)[] others)
    {
        string path = Path.Combine(_folder, $"{Directory.GetFiles(_folder).Length}.safetensors");
        Dictionary<string, Tensor> tensors = backbone.state_dict().ToDictionary(t => prefix + t.Key, t => t.Value);
        foreach ((string name, Tensor value) in others)
        {
            tensors[name] = value;
        }

        SafetensorsFile.Write(path, tensors.Select(t => (t.Key, t.Value.detach())));
        return path;
    }
}
