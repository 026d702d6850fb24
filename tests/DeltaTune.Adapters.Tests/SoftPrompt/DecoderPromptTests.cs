using DeltaTune.Adapters.Formats;
using DeltaTune.Adapters.SoftPrompt;
using DeltaTune.Adapters.Tests.Golden;
using DeltaTune.Backbones;
using DeltaTune.Backbones.Transformers.T5;
using DeltaTune.Batches;
using DeltaTune.Conformance;
using DeltaTune.Deltas;
using DeltaTune.Generation;
using Newtonsoft.Json.Linq;
using TorchSharp;
using static TorchSharp.torch;

namespace DeltaTune.Adapters.Tests.SoftPrompt;

/// <summary>Prompts before what an encoder and what its decoder read, in one table, the encoder's rows first.</summary>
[TestFixture]
public sealed class DecoderPromptTests
{
    private DisposeScope _scope = null!;
    private Backbone _backbone = null!;

    [SetUp]
    public void Make()
    {
        string folder = GoldenCase.FolderOf("t5-lm"); // ends the test here where it is absent
        (_scope, _backbone) = (NewDisposeScope(), new T5Loader(new T5Options { Path = folder }).Load());
    }

    [TearDown]
    public void Free()
    {
        _backbone?.Dispose();
        _scope?.Dispose();
    }

    // Rows of the embeddings' table as prompts are the words themselves before the words.
    [Test]
    public void Read_TableOfWords_IsTheWordsBeforeBoth()
    {
        using IDisposable off = no_grad();
        long[] before = [7, 30], beforeTarget = [41, 9], row = [12, 55, 3], target = [0, 18];
        Tensor table = _backbone.Sites.OfType<DeltaTune.Sites.ParameterSite>().First(s => s.Path == "embeddings.tokens.weight").Value;
        Tensor expected = _backbone.Run(Batch([.. before, .. row]) with { Target = Batch([.. beforeTarget, .. target]) }).States;
        using DeltaPackage package = Package(table.index_select(0, tensor((long[])[.. before, .. beforeTarget])));

        using Delta delta = new PeftPromptTuningFormat().Read(package, _backbone, []);
        Tensor actual = _backbone.Run(Batch(row) with { Target = Batch(target) }).States;

        Assert.That((actual - expected).abs().max().item<float>(), Is.LessThan(1e-4)); // float32, other masks in the same sums
        using DeltaPackage again = new PeftPromptTuningFormat().Write(delta, _backbone);
        Assert.That(again.Tensors.Keys, Is.EqualTo(new[] { "prompt_embeddings" }));
        Assert.That(Same.Values(again.Tensors["prompt_embeddings"], package.Tensors["prompt_embeddings"]), Is.True);
        Assert.That(JToken.DeepEquals(again.Config, package.Config), Is.True);
    }

    [Test]
    public void Write_Fresh_SaysTwoStacksAndThePromptsLengthOnce()
    {
        using var delta = new SoftPromptDelta(new SoftPromptOptions { PromptLength = 3, Decoder = true });
        delta.Attach(_backbone);

        using DeltaPackage package = new PeftPromptTuningFormat().Write(delta, _backbone);

        Assert.That(((int)package.Config["num_transformer_submodules"]!, (int)package.Config["num_virtual_tokens"]!, (string?)package.Config["task_type"]), Is.EqualTo((2, 3, "SEQ_2_SEQ_LM")));
        Assert.That(package.Tensors["prompt_embeddings"].size(0), Is.EqualTo(6));
        Assert.That(delta.Parameters().Select(p => p.Name), Is.EqualTo(new[] { "embeddings.tokens.prompt_embeddings", "decoder.embeddings.tokens.prompt_embeddings" }));
    }

    [Test]
    public void Next_WithACache_GivesTheScoresOfAWholePass()
    {
        using IDisposable off = no_grad();
        random.manual_seed(3);
        using var delta = new SoftPromptDelta(new SoftPromptOptions { PromptLength = 3, Decoder = true, Start = PromptStart.Normal });
        delta.Attach(_backbone);

        float[][] kept = Scores(cached: true), again = Scores(cached: false);

        for (int step = 0; step < kept.Length; step++)
        {
            Assert.That(kept[step], Is.EqualTo(again[step]).Within(1e-4), $"step {step}"); // other sums of the same numbers
        }
    }

    [Test]
    public void Read_HalfOfTheRows_SaysHowMany()
    {
        using DeltaPackage package = Package(zeros(2, _backbone.Description.HiddenSize));

        Assert.That(() => new PeftPromptTuningFormat().Read(package, _backbone, []), Throws.TypeOf<InvalidRunException>().With.Message.Contains("must have 'prompt_embeddings' of 4 rows, the encoder's 2 and the decoder's, but has it as [2,"));
        Assert.That(_backbone.Deltas, Is.Empty);
    }

    [Test]
    public void Attach_OneStack_SaysThatThereIsNoDecoder()
    {
        using var backbone = new TinyBackbone();
        using var delta = new SoftPromptDelta(new SoftPromptOptions { Decoder = true });

        Assert.That(() => delta.Attach(backbone), Throws.TypeOf<InvalidRunException>().With.Message.EqualTo("decoder must be false on 'tiny', which has no decoder beside an encoder, but is true"));
    }

    private float[][] Scores(bool cached)
    {
        using TextBatch rows = Batch([15, 72, 91]);
        using GenerationSession session = ((IGenerativeBackbone)_backbone).Begin(rows, cached);
        return [Values(session.Start()), Values(session.Next(tensor(new long[] { 5 }))), Values(session.Next(tensor(new long[] { 8 })))];
    }

    private static float[] Values(Tensor scores) => [.. scores.contiguous().data<float>()];

    private static DeltaPackage Package(Tensor prompts) => new(
        new JObject { ["peft_type"] = "PROMPT_TUNING", ["num_transformer_submodules"] = 2, ["num_virtual_tokens"] = 2, ["unknown"] = "kept" }, new Dictionary<string, Tensor> { ["prompt_embeddings"] = prompts });

    private static TextBatch Batch(long[] ids) => new() { InputIds = tensor(ids).unsqueeze(0), AttentionMask = ones([1, ids.Length], dtype: ScalarType.Int64) };
}
