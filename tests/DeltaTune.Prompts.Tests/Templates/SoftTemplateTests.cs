using DeltaTune.Batches;
using DeltaTune.Files;
using DeltaTune.Prompts.Templates;
using DeltaTune.Tasks;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace DeltaTune.Prompts.Tests.Templates;

/// <summary>The three templates with trainable parts.</summary>
[TestFixture]
public sealed class SoftTemplateTests
{
    private static readonly Example Film = new() { Id = "1", Fields = new Dictionary<string, string> { ["text_a"] = "fine", ["text_b"] = "" } };

    [Test]
    public void Mixed_SoftPositions_GetTheirRowsAndOthersTheirWords()
    {
        using DisposeScope scope = NewDisposeScope();
        using FakeBackbone backbone = FakeBackbone.WithWords("good", "fine"); // row i is [0.3 i, 0.3 i + 0.1, 0.3 i + 0.2]
        using var template = new MixedTemplate(new() { Text = "{\"soft\": \"good\"} {\"placeholder\": \"text_a\"} {\"soft\", \"duplicate\": 2, \"same\": True} {\"mask\"}" }, []);
        template.Bind(backbone, FakeTask.Sentiment());

        Assert.That(template.Wrap(Film).OfType<SoftPiece>().Select(p => p.Rows), Is.EqualTo(new[] { new[] { 1 }, new[] { 2, 2 } }));
        Parameter table = template.parameters().Single();
        Assert.That(table.shape, Is.EqualTo(new long[] { 2, 3 }));
        Assert.That(table.select(0, 0).data<float>().ToArray(), Is.EqualTo(new[] { 1.5f, 1.6f, 1.7f }).Within(1e-6)); // starts as 'good', id 5

        template.Attach(backbone);
        using TextBatch batch = FakeBackbone.Batch(new long[,] { { 1, 6, 1, 4 } }, new long[,] { { 1, 0, 2, 0 } });
        Hidden hidden = backbone.Run(batch);

        float[] second = table.select(0, 1).data<float>().ToArray();
        float[] expected = [1.5f, 1.6f, 1.7f, 1.8f, 1.9f, 2.0f, .. second, 1.2f, 1.3f, 1.4f];
        Assert.That(hidden.States.data<float>().ToArray(), Is.EqualTo(expected).Within(1e-6));
        hidden.States.sum().backward();
        Assert.That(table.grad!.data<float>().ToArray(), Is.EqualTo(new[] { 1f, 1, 1, 1, 1, 1 }));
        Assert.That(template.named_parameters().Select(p => p.name), Is.EqualTo(new[] { "soft_embedding.weight" }));

        template.Detach();
        Assert.That(backbone.Embeddings.HasEffects, Is.False);
    }

    [Test]
    public void Mixed_SharedGroups_NumberRowsAsOpenPromptDocumentsIt()
    {
        using FakeBackbone backbone = FakeBackbone.WithWords("the", "it", "was", "fine");
        using var template = new MixedTemplate(
            new() { Text = "{\"soft\"} {\"soft\": \"the\", \"soft_id\": 1} {\"soft\"} {\"soft\"} {\"soft_id\": 1} {\"soft\"} {\"mask\"}" }, []);
        template.Bind(backbone, FakeTask.Sentiment());

        Assert.That(template.Wrap(Film).SelectMany(p => p is SoftPiece s ? s.Rows : [0]), Is.EqualTo(new[] { 1, 2, 3, 4, 2, 5, 0 }));
    }

    [Test]
    public void Mixed_GroupThatContradictsItself_IsAnError()
    {
        using FakeBackbone backbone = FakeBackbone.WithWords("the", "it");
        using var template = new MixedTemplate(new() { Text = "{\"soft\": \"the\", \"soft_id\": 1} {\"soft\": \"it\", \"soft_id\": 1}" }, []);

        InvalidRunException thrown = Assert.Throws<InvalidRunException>(() => template.Bind(backbone, FakeTask.Sentiment()))!;

        Assert.That(thrown.Message, Does.StartWith("template.text column 31: a later piece of soft_id 1 must be as the first one"));
    }

    [TestCase("openprompt-mixed-bert", "the topic is")]
    [TestCase("openprompt-mixed-manual-truncate-bert", "this news")]
    public void Mixed_SoftText_StartsAsItsWords(string name, string text)
    {
        Golden golden = Golden.Open(name);
        using DisposeScope scope = NewDisposeScope();
        string[] vocabulary = File.ReadAllLines(Path.Combine(Golden.Root!, "tokenizers", "bert", "vocab.txt"));
        using var weights = SafetensorsFile.Open(Path.Combine(Golden.Root!, "bert-mlm", "model.safetensors"));
        using var backbone = new FakeBackbone(new FakeTokenizer(vocabulary), weights.Read("bert.embeddings.word_embeddings.weight"));
        using var template = new MixedTemplate(new() { Text = (string)golden.Json["template_arguments"]!["text"]! }, []);

        template.Bind(backbone, golden.Task());

        long[] lines = [.. text.Split(' ').Select(word => (long)Array.IndexOf(vocabulary, word))]; // a word's id is its line
        using Tensor table = weights.Read("bert.embeddings.word_embeddings.weight");
        Tensor expected = table.index_select(0, tensor(lines));
        Tensor actual = template.parameters().Single().narrow(0, 0, lines.Length);
        Assert.That(actual.detach().contiguous().data<float>().ToArray(), Is.EqualTo(expected.data<float>().ToArray()));
    }

    [TestCase(SoftStart.Vocabulary)]
    [TestCase(SoftStart.FirstIds)]
    [TestCase(SoftStart.Uniform)]
    public void Soft_Prompt_StandsBeforeEveryRow(SoftStart start)
    {
        using DisposeScope scope = NewDisposeScope();
        using FakeBackbone backbone = FakeBackbone.WithWords("good", "fine");
        using var template = new SoftTemplate(new() { Text = "{\"placeholder\": \"text_a\"} {\"mask\"}", PromptLength = 2, Start = start }, []);
        template.Bind(backbone, FakeTask.Sentiment());
        template.Attach(backbone);
        using TextBatch batch = FakeBackbone.Batch(new long[,] { { 5, 4, 6 }, { 6, 5, 4 } }, masks: [1, 5]);

        Hidden hidden = backbone.Run(batch);

        float[] prompt = template.parameters().Single().data<float>().ToArray();
        float[] Row(int id) => [id * 0.3f, (id * 0.3f) + 0.1f, (id * 0.3f) + 0.2f];
        float[] expected = [.. prompt, .. Row(5), .. Row(4), .. Row(6), .. prompt, .. Row(6), .. Row(5), .. Row(4)];
        Assert.That(hidden.States.shape, Is.EqualTo(new long[] { 2, 5, 3 }));
        Assert.That(hidden.States.data<float>().ToArray(), Is.EqualTo(expected).Within(1e-6));
        Assert.That(((TextBatch)hidden.Batch).MaskPositions!.data<long>().ToArray(), Is.EqualTo(new long[] { 3, 9 })); // row · 5 + 2 + column
        if (start == SoftStart.FirstIds) { Assert.That(prompt, Is.EqualTo((float[])[.. Row(0), .. Row(1)]).Within(1e-6)); }
        if (start == SoftStart.Uniform) { Assert.That(prompt, Has.All.InRange(-0.5f, 0.5f)); }
        if (start == SoftStart.Vocabulary) { Assert.That(prompt, Is.EquivalentTo((float[])[.. Row(5), .. Row(6)]).Using<float>((a, b) => Math.Abs(a - b) < 1e-6)); }
    }

    [Test]
    public void Soft_PromptLongerThanTheVocabulary_IsAnError()
    {
        using FakeBackbone backbone = FakeBackbone.WithWords("good");
        using var template = new SoftTemplate(new() { Text = "{\"mask\"}", PromptLength = 20 }, []);

        InvalidRunException thrown = Assert.Throws<InvalidRunException>(() => template.Bind(backbone, FakeTask.Sentiment()))!;

        Assert.That(thrown.Message, Is.EqualTo("template.prompt_length must be at most 1, the words that there are to start from, but is 20; start 'uniform' has no limit"));
    }

    [Test]
    public void Ptuning_Mlp_GivesW2ReluW1Q()
    {
        using DisposeScope scope = NewDisposeScope();
        using FakeBackbone backbone = FakeBackbone.WithWords("good", "fine");
        using var template = new PtuningTemplate(new() { Text = "{\"soft\"} {\"mask\"} {\"soft\"}", Encoder = PromptEncoderKind.Mlp }, []);
        template.Bind(backbone, FakeTask.Sentiment());
        template.Attach(backbone);
        using TextBatch batch = FakeBackbone.Batch(new long[,] { { 1, 4, 1 } }, new long[,] { { 1, 0, 2 } });

        Tensor states = backbone.Run(batch).States;

        Dictionary<string, Parameter> p = template.named_parameters().ToDictionary(x => x.name.Replace("prompt_encoder.", "", StringComparison.Ordinal), x => x.parameter);
        Assert.That(p.Keys, Is.EquivalentTo(new[] { "table", "mlp_in.weight", "mlp_in.bias", "mlp_out.weight", "mlp_out.bias" }));
        Tensor rows = p["table"].mm(p["mlp_in.weight"].t()) + p["mlp_in.bias"];
        rows = rows.clamp_min(0).mm(p["mlp_out.weight"].t()) + p["mlp_out.bias"];
        Assert.That(states.select(1, 0).data<float>().ToArray(), Is.EqualTo(rows.select(0, 0).data<float>().ToArray()).Within(1e-6));
        Assert.That(states.select(1, 2).data<float>().ToArray(), Is.EqualTo(rows.select(0, 1).data<float>().ToArray()).Within(1e-6));
    }

    [Test]
    public void Ptuning_Lstm_HasTheParametersOfOpenPromptsAndTrainsThem()
    {
        using DisposeScope scope = NewDisposeScope();
        using FakeBackbone backbone = FakeBackbone.WithWords("good", "fine");
        using var template = new PtuningTemplate(new() { Text = "{\"soft\"} {\"soft\"} {\"mask\"}" }, []);
        template.Bind(backbone, FakeTask.Sentiment());
        template.Attach(backbone);
        using TextBatch batch = FakeBackbone.Batch(new long[,] { { 1, 1, 4 } }, new long[,] { { 1, 2, 0 } });

        backbone.Run(batch).States.sum().backward();

        // Q [2, 3]; two layers, two directions: 4·3 gates from 3, then from 6, and from 3 states, two biases; W1 [3, 6], W2 [3, 3] with biases.
        long expected = 6 + (2 * ((12 * 3) + (12 * 3) + 24)) + (2 * ((12 * 6) + (12 * 3) + 24)) + 21 + 12;
        Assert.That(template.parameters().Sum(p => p.numel()), Is.EqualTo(expected));
        Assert.That(template.parameters().Select(p => p.grad is not null), Has.All.True);
    }
}
