using DeltaTune.Backbones.Transformers;
using DeltaTune.Batches;
using TorchSharp;
using static TorchSharp.torch;

namespace DeltaTune.Backbones.Tests.Transformers;

/// <summary>BERT and RoBERTa against what transformers gives for the same weights.</summary>
[TestFixture]
public sealed class GoldenEncoderTests
{
    private const double Tolerance = 1e-5; // float32 through two layers, another matrix-product library

    [TestCase("bert-mlm")]
    [TestCase("bert-seqcls")]
    [TestCase("roberta-mlm")]
    [TestCase("roberta-seqcls")]
    public void Run_TransformersNumbers_Agree(string name)
    {
        using DisposeScope scope = NewDisposeScope();
        using Golden golden = Golden.Open(name);
        using Backbone backbone = Load(golden.Folder);

        Hidden hidden = backbone.Run(BatchOf(golden));

        Assert.That(Close.Difference(hidden.States, golden.Floats("last_hidden_state")), Is.LessThan(Tolerance));
    }

    [TestCase("bert-mlm")]
    [TestCase("roberta-mlm")]
    public void Read_MaskLogits_AgreesWithLogitsAndLoss(string name)
    {
        using DisposeScope scope = NewDisposeScope();
        using Golden golden = Golden.Open(name);
        using Backbone backbone = Load(golden.Folder);
        Tensor labels = golden.Longs("labels").view(-1), asked = labels.ne(-100).nonzero().view(-1), ids = tensor(new long[] { 7, 3, 100 });
        Tensor expected = golden.Floats("logits");

        Hidden hidden = backbone.Run(BatchOf(golden) with { MaskPositions = asked });
        Tensor logits = backbone.Read(hidden, new ReadOut(ReadOutKind.Logits));
        Tensor atMasks = backbone.Read(hidden, new ReadOut(ReadOutKind.MaskLogits));
        Tensor ofWords = backbone.Read(hidden, new ReadOut(ReadOutKind.MaskLogits, ids));

        Tensor expectedAtMasks = expected.view(-1, expected.size(2)).index_select(0, asked);
        Assert.That(Close.Difference(logits, expected), Is.LessThan(Tolerance));
        Assert.That(Close.Difference(atMasks, expectedAtMasks), Is.LessThan(Tolerance));
        Assert.That(Close.Difference(ofWords, expectedAtMasks.index_select(1, ids)), Is.LessThan(Tolerance));
        Assert.That(nn.functional.cross_entropy(atMasks, labels.index_select(0, asked)).item<float>(), Is.EqualTo(golden.Number("loss")).Within(Tolerance));
    }

    [TestCase("bert-seqcls")]
    [TestCase("roberta-seqcls")]
    public void CreateHead_CheckpointsOwnClasses_AgreesWithTransformers(string name)
    {
        using DisposeScope scope = NewDisposeScope();
        using Golden golden = Golden.Open(name);
        using Backbone backbone = Load(golden.Folder);
        using Head head = backbone.CreateHead(3);
        head.eval();

        Tensor logits = head.call(backbone.Run(BatchOf(golden)));

        Assert.That(Close.Difference(logits, golden.Floats("logits")), Is.LessThan(Tolerance));
        Assert.That(nn.functional.cross_entropy(logits, golden.Longs("labels")).item<float>(), Is.EqualTo(golden.Number("loss")).Within(Tolerance));
    }

    internal static Backbone Load(string folder)
        => Path.GetFileName(folder).StartsWith("roberta", StringComparison.Ordinal)
            ? new RobertaLoader(new RobertaOptions { Path = folder }).Load()
            : new BertLoader(new BertOptions { Path = folder }).Load();

    internal static TextBatch BatchOf(Golden golden) => new()
    {
        InputIds = golden.Longs("input_ids"),
        AttentionMask = golden.Longs("attention_mask"),
        TokenTypeIds = golden.Has("token_type_ids") ? golden.Longs("token_type_ids") : null,
    };
}
