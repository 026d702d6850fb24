using DeltaTune.Adapters.Bottleneck;
using DeltaTune.Adapters.Formats;
using DeltaTune.Adapters.Lora;
using DeltaTune.Conformance;
using DeltaTune.Deltas;
using DeltaTune.Sites;
using Newtonsoft.Json.Linq;
using TorchSharp;
using static TorchSharp.torch;

namespace DeltaTune.Adapters.Tests.Formats;

[TestFixture]
public sealed class OpenDeltaFormatTests
{
    private DisposeScope _scope = null!;
    private TinyBackbone _backbone = null!;

    [SetUp]
    public void Make() => (_scope, _backbone) = (NewDisposeScope(), new TinyBackbone());

    [TearDown]
    public void Free()
    {
        _backbone.Dispose();
        _scope.Dispose();
    }

    [Test]
    public void Read_Lora_PutsTensorsAndUnfrozenWeightsInPlace()
    {
        DeltaPackage package = Lora("net.blocks.0.self.query", "net.blocks.1.self.query");
        var tensors = new Dictionary<string, Tensor>(package.Tensors) { ["net.blocks.1.norm.bias"] = ones(12), ["classifier.weight"] = ones(3, 12) };

        using Delta delta = new OpenDeltaLoraFormat().Read(package with { Tensors = tensors }, _backbone, ["classifier"]);

        Assert.That(delta.Parameters().Select(p => p.Name), Is.EqualTo(new[]
        {
            "layers.0.attn.q.lora_A.weight", "layers.0.attn.q.lora_B.weight", "layers.1.attn.q.lora_A.weight", "layers.1.attn.q.lora_B.weight", "layers.1.ffn.norm.bias",
        }));
        Assert.That(Same.Values(delta.Parameters().First().Value, tensors["net.blocks.0.self.query.lora.lora_A"]), Is.True);
        Assert.That(((LoraUpdate)delta.Effects.First()).Scaling, Is.EqualTo(16 / 2.0), "lora_alpha is 16 where the file leaves it out");
    }

    [Test]
    public void Read_Lora_IsWrittenAsPeftWritesIt()
    {
        using Delta delta = new OpenDeltaLoraFormat().Read(Lora("net.blocks.0.self.query", "net.blocks.1.self.query"), _backbone, []);

        using DeltaPackage written = new PeftLoraFormat().Write(delta, _backbone);

        Assert.That(written.Config["peft_type"]!.ToString(), Is.EqualTo("LORA"));
        Assert.That(written.Config["target_modules"]!.Values<string>(), Is.EqualTo(new[] { "query" }));
        Assert.That(written.Tensors.Keys.First(), Is.EqualTo("base_model.model.net.blocks.0.self.query.lora_A.weight"));
    }

    [Test]
    public void Read_LoraWithoutATensorThatItsConfigNames_IsAnError()
        => Assert.That(
            () => new OpenDeltaLoraFormat().Read(Lora("net.blocks.0.self.query"), _backbone, []),
            Throws.TypeOf<InvalidRunException>().With.Message.Contains("has no tensor 'net.blocks.1.self.query.lora.lora_A' [2, 12], which 'layers.1.attn.q' needs"));

    [Test]
    public void Read_Adapter_StandsAfterTheModule()
    {
        var tensors = new Dictionary<string, Tensor>();
        foreach (string module in new[] { "net.blocks.0.self.out", "net.blocks.1.self.out" })
        {
            tensors[$"{module}.adapter.modulelist.down_proj.weight"] = randn(3, 12);
            tensors[$"{module}.adapter.modulelist.down_proj.bias"] = randn(3);
            tensors[$"{module}.adapter.modulelist.up_proj.weight"] = randn(12, 3);
            tensors[$"{module}.adapter.modulelist.up_proj.bias"] = randn(12);
        }

        JObject config = JObject.Parse("""{ "delta_type": "adapter", "common_structure": true, "modified_modules": ["attn@.proj@"], "bottleneck_dim": 3, "non_linearity": "relu" }""");

        using Delta delta = new OpenDeltaAdapterFormat().Read(new DeltaPackage(config, tensors), _backbone, []);

        Assert.That(delta.Actions.Select(a => a.Site.Path), Is.EqualTo(new[] { "layers.0.attn.out", "layers.1.attn.out" }));
        Assert.That(((BottleneckDelta)delta).Options.NonLinearity, Is.EqualTo(BottleneckActivation.Relu));
        Assert.That(delta.Parameters().Sum(p => p.Value.numel()), Is.EqualTo(2 * ((3 * 12) + 3 + (12 * 3) + 12)));
    }

    [TestCase("attn@.q@", true, "layers.0.attn.q")]
    [TestCase("ff@.w1@", true, "layers.0.ffn.in")]
    [TestCase("ff@.w2@", true, "layers.0.ffn.out")]
    [TestCase("attn@.proj@", true, "layers.0.attn.out")]
    [TestCase("self.key", false, "layers.0.attn.k")]
    [TestCase(@"[r]blocks\.\d+\.mlp\.up", false, "layers.0.ffn.in")]
    [TestCase(@"[r]elf\.key", false, null, Description = "an expression begins after a dot")]
    public void Hits_Address_IsThatOfOpenDelta(string entry, bool common, string? expected)
    {
        var targets = new OpenDeltaTargets(new JObject { ["modified_modules"] = new JArray(entry), ["common_structure"] = common });

        Assert.That(_backbone.Sites.OfType<LinearSite>().Where(s => s.Layer == 0 && targets.Hits(s)).Select(s => s.Path), Is.EqualTo(expected is null ? [] : new[] { expected }));
    }

    private static DeltaPackage Lora(params string[] modules)
    {
        JObject config = JObject.Parse("""{ "delta_type": "lora", "common_structure": true, "modified_modules": ["attn@.q@"], "lora_r": 2 }""");
        var tensors = new Dictionary<string, Tensor>();
        foreach (string module in modules)
        {
            tensors[$"{module}.lora.lora_A"] = randn(2, 12);
            tensors[$"{module}.lora.lora_B"] = randn(12, 2);
        }

        return new DeltaPackage(config, tensors);
    }
}
