using DeltaTune.Backbones.Transformers;
using DeltaTune.Batches;
using DeltaTune.Files;
using TorchSharp;
using static TorchSharp.torch;

namespace DeltaTune.Backbones.Tests.Transformers;

public sealed class QuickBertTests
{
    [Test]
    public void Run_BertMlm_AgreesWithTransformers()
    {
        using var scope = NewDisposeScope();
        using Golden golden = Golden.Open("bert-mlm");
        using SafetensorsFile file = SafetensorsFile.Open(Path.Combine(golden.Folder, "model.safetensors"));
        var config = new EncoderConfig { VocabularySize = 120, HiddenSize = 32, Layers = 2, Heads = 4, IntermediateSize = 64, MaxPositions = 64 };
        using var model = new MaskedTransformer(
            new BackboneDescription { Family = "bert", Kind = BackboneKind.MaskedLanguageModel, HiddenSize = 32, Layers = 2 }, EncoderFamily.Bert, config,
            EncoderSpecs.Of(EncoderFamily.Bert, config, false, true), spec => file.Read(spec.Name), () => null!);
        model.Finish();
        var batch = new TextBatch { InputIds = golden.Longs("input_ids"), AttentionMask = golden.Longs("attention_mask"), TokenTypeIds = golden.Longs("token_type_ids") };

        Hidden hidden = model.Run(batch);
        Tensor logits = model.Read(hidden, new ReadOut(ReadOutKind.Logits));

        TestContext.Out.WriteLine($"{Close.Difference(hidden.States, golden.Floats("last_hidden_state"))} {Close.Difference(logits, golden.Floats("logits"))}");
        Assert.That(Close.Difference(hidden.States, golden.Floats("last_hidden_state")), Is.LessThan(1e-5));
        Assert.That(Close.Difference(logits, golden.Floats("logits")), Is.LessThan(1e-5));
        Tensor loss = nn.functional.cross_entropy(logits.view(-1, 120), golden.Longs("labels").view(-1));
        Assert.That(loss.item<float>(), Is.EqualTo(golden.Number("loss")).Within(1e-5));
    }
}
