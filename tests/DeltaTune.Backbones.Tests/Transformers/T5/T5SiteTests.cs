using DeltaTune.Adapters.Lora;
using DeltaTune.Batches;
using DeltaTune.Sites;
using TorchSharp;
using static TorchSharp.torch;

namespace DeltaTune.Backbones.Tests.Transformers.T5;

/// <summary>The sites of T5: what they are called, and that effects act there and only there.</summary>
[TestFixture]
public sealed class T5SiteTests : IDisposable
{
    private readonly TinyT5 _folder = new();
    private readonly Backbone _backbone;

    public T5SiteTests() => _backbone = _folder.Load();

    public void Dispose()
    {
        _backbone.Dispose();
        _folder.Dispose();
    }

    [Test]
    public void Sites_OfT5_AreThoseApproved()
    {
        string[] approved = File.ReadAllLines(Path.Combine(TestContext.CurrentContext.TestDirectory, "Transformers", "Approved", "t5.sites.txt"));

        Assert.That(_backbone.Sites.Select(site => $"{site.Role} {site.Path} {site.CheckpointPath}"), Is.EqualTo(approved));
    }

    [Test]
    public void Run_IdentityAtEverySite_ChangesNothing()
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor expected = Scores();
        (Site Site, Effect Effect)[] effects = [.. _backbone.Sites.Where(s => s is not ParameterSite).Select(s => (s, ScaledEffects.For(s, 1)))];

        foreach ((Site site, Effect effect) in effects)
        {
            effect.AttachTo(site);
        }

        Tensor actual = Scores();

        foreach ((Site site, Effect effect) in effects)
        {
            effect.DetachFrom(site);
        }

        Assert.That(Close.Same(actual, expected), Is.True);
    }

    [Test]
    public void Run_EffectAtOneSite_ChangesTheScoresAndLeavesThemWhenDetached()
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor expected = Scores();
        foreach (Site site in _backbone.Sites.Where(s => s is not ParameterSite))
        {
            Effect effect = ScaledEffects.For(site, 1.5);

            effect.AttachTo(site);
            Tensor changed = Scores();
            effect.DetachFrom(site);

            Assert.That(Close.Same(changed, expected), Is.False, site.Path);
            Assert.That(Close.Same(Scores(), expected), Is.True, site.Path);
        }
    }

    [Test]
    public void Attach_LoraAtAHeadThatSharesTheEmbeddings_IsRefused()
    {
        using var folder = new TinyT5(tied: true);
        using Backbone backbone = folder.Load();
        using var delta = new LoraDelta(new LoraOptions { Rank = 2, Sites = "head" });

        var thrown = Assert.Throws<InvalidRunException>(() => delta.Attach(backbone))!;

        Assert.That(thrown.Message, Does.StartWith("sites must not change the weight that 'head' and 'embeddings.tokens' share for 'head' alone"));
    }

    [TestCase("attn.q", 3)]
    [TestCase("crossattn.{k,v}", 4)]
    [TestCase("encoder.layers.*.ffn.gate", 1)]
    [TestCase("decoder.layers[1].attn.out", 1)]
    [TestCase("DenseReluDense.wo", 3)]
    [TestCase("all-linear", 29)] // 7 in an encoder layer, 11 in each of two decoder layers
    public void Select_Linear_HitsWhatIsMeant(string selector, int count)
    {
        Assert.That(SiteSelector.Parse(selector).Select<LinearSite>(_backbone.Sites, "sites", "tiny"), Has.Count.EqualTo(count));
    }

    [Test]
    public void Run_NothingTrains_RecordsNoGraph()
    {
        using DisposeScope scope = NewDisposeScope();

        Assert.That(Scores().requires_grad, Is.False);
    }

    [TestCase("embeddings.tokens.weight")]
    [TestCase("encoder.layers.0.attn.q.weight")]
    [TestCase("encoder.layers.0.attn.positions.weight")]
    [TestCase("encoder.layers.0.ffn.gate.weight")]
    [TestCase("encoder.norm.weight")]
    [TestCase("decoder.layers.0.attn.positions.weight")]
    [TestCase("decoder.layers.1.crossattn.k.weight")]
    [TestCase("decoder.layers.1.ffn.norm.weight")]
    [TestCase("head.weight")]
    public void Run_OneTrainedParameter_HasTheGradientOfFiniteDifferences(string path)
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor value = ((ParameterSite)_backbone.Sites.Single(s => s.Path == path)).Value;

        FiniteDifferences.Agree(value, step: 2e-3f, Loss);

        Tensor Loss() => (Scores() * 0.2).tanh().mean();
    }

    [Test]
    public void Run_SoftPositionsAtEitherEmbedding_WidenThatStackAlone()
    {
        using DisposeScope scope = NewDisposeScope();
        using TextBatch batch = TinyT5.Batch();
        EmbeddingSite decoder = _backbone.Sites.OfType<EmbeddingSite>().Single(s => s.Path == "decoder.embeddings.tokens");

        (Hidden encoderWide, Hidden decoderWide) = (Widened(_backbone.Embeddings), Widened(decoder));

        Assert.That((encoderWide.EncoderStates!.size(1), encoderWide.States.size(1)), Is.EqualTo((8L, 4L)));
        Assert.That((decoderWide.EncoderStates!.size(1), decoderWide.States.size(1)), Is.EqualTo((5L, 7L)));
        Assert.That(((TextBatch)decoderWide.Batch).Target!.MaskPositions!.data<long>().ToArray(), Is.EqualTo(new long[] { 5, 12 })); // row · 7 + 3 + column
        Assert.That(_backbone.Read(decoderWide, new ReadOut(ReadOutKind.MaskLogits)).shape, Is.EqualTo(new long[] { 2, TinyT5.Vocabulary }));

        Hidden Widened(EmbeddingSite site)
        {
            using var effect = new Prompt();
            effect.AttachTo(site);
            Hidden hidden = _backbone.Run(batch);
            effect.DetachFrom(site);
            return hidden;
        }
    }

    private Tensor Scores()
    {
        using TextBatch batch = TinyT5.Batch();
        return _backbone.Read(_backbone.Run(batch), new ReadOut(ReadOutKind.MaskLogits));
    }

    private sealed class Prompt() : Effect<ModelBatch, Embedded>(nameof(Prompt))
    {
        public override Embedded Apply(ModelBatch input, Func<ModelBatch, Embedded> next)
        {
            Embedded embedded = next(input);
            Tensor x = embedded.Inputs;
            return new Embedded(cat([ones([x.size(0), 3, x.size(2)]), x], 1), ((TextBatch)embedded.Batch).Prepend(3));
        }
    }
}
