using System.ComponentModel.DataAnnotations;
using DeltaTune.Backbones.Transformers;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace DeltaTune.Backbones.Tests.Transformers;

[TestFixture]
public sealed class UntrainedEncoderTests
{
    [Test]
    public void Load_WithASeed_DrawsOtherWeightsOfTheFolderSizes()
    {
        using var folder = new TinyFolder();
        using Backbone trained = folder.Load(), untrained = Load(new BertOptions { Path = folder.Path, Seed = 3 });

        var own = untrained.named_parameters().ToDictionary(p => p.name, p => p.parameter);
        Assert.That(own.Keys, Is.EqualTo(trained.named_parameters().Select(p => p.name).Where(n => !n.Contains("pooler", StringComparison.Ordinal))));
        foreach ((string name, Parameter parameter) in trained.named_parameters().Where(p => own.ContainsKey(p.name)))
        {
            Assert.That(own[name].shape, Is.EqualTo(parameter.shape), name);
        }

        using DisposeScope scope = NewDisposeScope();
        Parameter query = own.First(p => p.Key.Contains("query.weight", StringComparison.Ordinal)).Value;
        Assert.That(query.std().item<float>(), Is.EqualTo(0.02).Within(0.005)); // of 144 numbers
        Assert.That(own.Where(p => p.Key.EndsWith("LayerNorm.weight", StringComparison.Ordinal)).All(p => p.Value.eq(1).all().item<bool>()));
        Assert.That(own.Where(p => p.Key.EndsWith(".bias", StringComparison.Ordinal)).All(p => p.Value.eq(0).all().item<bool>()));
    }

    [Test]
    public void Load_WithTheSameSeed_IsTheSameNetworkAndWithAnotherNot()
    {
        using var folder = new TinyFolder();
        File.Delete(folder.Weights); // they are not needed
        using Backbone first = Load(new BertOptions { Path = folder.Path, Seed = 3 }), again = Load(new BertOptions { Path = folder.Path, Seed = 3 }),
            other = Load(new BertOptions { Path = folder.Path, Seed = 4 });

        Assert.That(again.Fingerprint, Is.EqualTo(first.Fingerprint));
        Assert.That(other.Fingerprint, Is.Not.EqualTo(first.Fingerprint));
    }

    [Test]
    public void Load_WithSizes_HasThem()
    {
        using var folder = new TinyFolder();
        using Backbone untrained = Load(new BertOptions { Path = folder.Path, Seed = 0, Layers = 1, HiddenSize = 8, Heads = 2 });

        Assert.That((untrained.Description.Layers, untrained.Description.HiddenSize, untrained.Description.Source), Is.EqualTo((1, 8, "")));
        Assert.That(untrained.named_parameters().Single(p => p.name.EndsWith("intermediate.dense.weight", StringComparison.Ordinal)).parameter.shape, Is.EqualTo(new long[] { 32, 8 }));
    }

    [Test]
    public void Describe_SizesThatDoNotFit_AreRefused()
    {
        using var folder = new TinyFolder();

        var wrong = Assert.Throws<InvalidRunException>(() => new BertLoader(new BertOptions { Path = folder.Path, Seed = 0, HiddenSize = 8 }).Describe());

        Assert.That(wrong!.Message, Is.EqualTo("hidden_size must be a multiple of the number of heads, 3, but is 8"));
    }

    [Test]
    public void Validate_SizesWithoutASeed_AreRefused()
    {
        var options = new BertOptions { Path = "somewhere", Layers = 2 };

        ValidationResult[] wrong = [.. options.Validate(new ValidationContext(options))];

        Assert.That(wrong.Select(w => w.ErrorMessage), Is.EqualTo(new[] { "must be given with a seed alone, for an untrained network, since a checkpoint has sizes of its own, but is 2" }));
        Assert.That(wrong[0].MemberNames, Is.EqualTo(new[] { nameof(BertOptions.Layers) }));
    }

    private static Backbone Load(BertOptions options) => new BertLoader(options).Load();
}
