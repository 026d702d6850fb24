using TorchSharp;
using static TorchSharp.torch;

namespace DeltaTune.Backbones.Tests.Transformers;

/// <summary>The forms in which the same network is saved.</summary>
[TestFixture]
public sealed class CheckpointFormTests
{
    [TestCase("pytorch_model.bin", "pytorch_model.bin", ScalarType.Float32)]
    [TestCase("pytorch_model_legacy.bin", "pytorch_model.bin", ScalarType.Float32)]
    [TestCase("model.fp16.safetensors", "model.safetensors", ScalarType.Float16)]
    [TestCase("model.bf16.safetensors", "model.safetensors", ScalarType.BFloat16)]
    public void Load_OtherFormOfTheGolden_HasTheSameWeightsRounded(string file, string name, ScalarType type)
    {
        using DisposeScope scope = NewDisposeScope();
        string golden = Golden.FolderOf("bert-seqcls"), folder = SharedFiles.NewFolder();
        try
        {
            File.Copy(Path.Combine(golden, "config.json"), Path.Combine(folder, "config.json"));
            File.Copy(Path.Combine(golden, file), Path.Combine(folder, name));
            using Backbone expected = GoldenEncoderTests.Load(golden);

            using Backbone actual = GoldenEncoderTests.Load(folder);

            Dictionary<string, Tensor> found = actual.named_parameters().ToDictionary(p => p.name, p => (Tensor)p.parameter);
            foreach ((string parameter, TorchSharp.Modules.Parameter value) in expected.named_parameters())
            {
                Assert.That(found[parameter].dtype, Is.EqualTo(ScalarType.Float32));
                Assert.That(Close.Same(found[parameter], value.to(type).to(ScalarType.Float32)), Is.True, parameter);
            }

            using Head head = actual.CreateHead(3);
            using Head same = expected.CreateHead(3);
            Assert.That(Close.Same(head.get_parameter("weight")!, same.get_parameter("weight")!.to(type).to(ScalarType.Float32)), Is.True);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Test]
    public void Load_OlderNames_GivesTheSameNetwork()
    {
        using DisposeScope scope = NewDisposeScope();
        using var folder = new TinyFolder();
        string expected;
        using (Backbone backbone = folder.Load())
        {
            expected = backbone.Fingerprint;
        }

        Rename(folder, name => name.Replace("LayerNorm.weight", "LayerNorm.gamma").Replace("LayerNorm.bias", "LayerNorm.beta")
            .Replace("cls.predictions.bias", "cls.predictions.decoder.bias"));
        using Backbone older = folder.Load();
        Rename(folder, name => name.StartsWith("bert.") ? name["bert.".Length..] : name);
        using Backbone bare = folder.Load();

        Assert.That(older.Fingerprint, Is.EqualTo(expected));
        Assert.That(bare.Fingerprint, Is.EqualTo(expected));
    }

    [Test]
    public void ReadOuts_ByWhatTheCheckpointHas_AreOffered()
    {
        using DisposeScope scope = NewDisposeScope();
        using var folder = new TinyFolder();
        using Backbone whole = folder.Load();
        foreach (string name in folder.Tensors.Keys.Where(name => name.Contains("pooler") || name.StartsWith("cls.")).ToArray())
        {
            folder.Tensors.Remove(name);
        }

        folder.Tensors["cls.seq_relationship.weight"] = zeros(2, TinyFolder.Hidden); // of another head: left alone
        folder.Write();
        using Backbone bare = folder.Load();

        Assert.That(whole.ReadOuts, Is.EquivalentTo(Enum.GetValues<ReadOutKind>()));
        Assert.That(bare.ReadOuts, Is.EquivalentTo(new[] { ReadOutKind.States, ReadOutKind.MaskStates }));
        Assert.That(bare.CreateHead(4).named_parameters().Select(p => p.name), Is.EquivalentTo(new[] { "dense.weight", "dense.bias", "out_proj.weight", "out_proj.bias" }));
        Assert.That(whole.CreateHead(4).named_parameters().Select(p => p.name), Is.EquivalentTo(new[] { "weight", "bias" }));
    }

    [TestCase("bert-mlm")]
    [TestCase("bert-seqcls")]
    [TestCase("roberta-mlm")]
    [TestCase("roberta-seqcls")]
    public void Parameters_OfTheGolden_AreThoseApproved(string name)
    {
        string[] approved = File.ReadAllLines(Path.Combine(TestContext.CurrentContext.TestDirectory, "Transformers", "Approved", name + ".parameters.txt"));
        using Backbone backbone = GoldenEncoderTests.Load(Golden.FolderOf(name));

        IEnumerable<string> actual = backbone.named_parameters().OrderBy(p => p.name, StringComparer.Ordinal).Select(p => $"{p.name} [{string.Join(", ", p.parameter.shape)}]");

        Assert.That(actual, Is.EqualTo(approved));
        Assert.That(backbone.named_parameters().Where(p => p.parameter.requires_grad), Is.Empty);
    }

    private static void Rename(TinyFolder folder, Func<string, string> rename)
    {
        foreach ((string name, Tensor value) in folder.Tensors.ToArray())
        {
            folder.Tensors.Remove(name);
            folder.Tensors.Add(rename(name), value);
        }

        folder.Write();
    }
}
