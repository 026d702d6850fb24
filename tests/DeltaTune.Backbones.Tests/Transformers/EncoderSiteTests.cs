using DeltaTune.Batches;
using DeltaTune.Sites;
using TorchSharp;
using static TorchSharp.torch;

namespace DeltaTune.Backbones.Tests.Transformers;

/// <summary>The sites of BERT: what they are called, and that effects act there and only there.</summary>
[TestFixture]
public sealed class EncoderSiteTests : IDisposable
{
    private readonly TinyFolder _folder = new();
    private readonly Backbone _backbone;

    public EncoderSiteTests() => _backbone = _folder.Load();

    public void Dispose()
    {
        _backbone.Dispose();
        _folder.Dispose();
    }

    [Test]
    public void Sites_OfBert_AreThoseApproved()
    {
        string[] approved = File.ReadAllLines(Path.Combine(TestContext.CurrentContext.TestDirectory, "Transformers", "Approved", "bert.sites.txt"));

        Assert.That(_backbone.Sites.Select(site => $"{site.Role} {site.Path} {site.CheckpointPath}"), Is.EqualTo(approved));
    }

    [Test]
    public void Run_IdentityAtEverySite_ChangesNothing()
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor[] expected = Outputs();
        (Site Site, Effect Effect)[] effects = [.. _backbone.Sites.Where(s => s is not ParameterSite).Select(s => (s, ScaledEffects.For(s, 1)))];

        foreach ((Site site, Effect effect) in effects)
        {
            effect.AttachTo(site);
        }

        Tensor[] actual = Outputs();

        foreach ((Site site, Effect effect) in effects)
        {
            effect.DetachFrom(site);
        }

        Assert.That(actual.Zip(expected, Close.Same), Is.All.True);
    }

    [Test]
    public void Run_EffectAtOneSite_ChangesOutputsAndLeavesThemWhenDetached()
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor[] expected = Outputs();
        foreach (Site site in _backbone.Sites.Where(s => s is not ParameterSite))
        {
            Effect effect = ScaledEffects.For(site, 1.5);

            effect.AttachTo(site);
            Tensor[] changed = Outputs();
            effect.DetachFrom(site);
            Tensor[] back = Outputs();

            // The pooler is seen by the pooled vector alone, the head by the logits alone, all else by both.
            bool pooled = !site.Path.StartsWith("head", StringComparison.Ordinal), logits = site.Path != "pooler";
            Assert.That(Close.Same(changed[0], expected[0]), Is.EqualTo(!pooled), site.Path);
            Assert.That(Close.Same(changed[1], expected[1]), Is.EqualTo(!logits), site.Path);
            Assert.That(back.Zip(expected, Close.Same), Is.All.True, site.Path);
        }
    }

    [Test]
    public void Run_NothingTrains_RecordsNoGraph()
    {
        using DisposeScope scope = NewDisposeScope();

        Assert.That(Outputs().Any(output => output.requires_grad), Is.False);
    }

    [TestCase("layers.0.attn.q.weight")]
    [TestCase("layers.0.attn.v.bias")]
    [TestCase("layers.1.ffn.in.weight")]
    [TestCase("layers.1.ffn.norm.weight")]
    [TestCase("embeddings.tokens.weight")]
    [TestCase("embeddings.norm.bias")]
    [TestCase("head.decoder.bias")]
    public void Run_OneTrainedParameter_HasTheGradientOfFiniteDifferences(string path)
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor value = ((ParameterSite)_backbone.Sites.Single(s => s.Path == path)).Value;

        FiniteDifferences.Agree(value, step: 1e-2f, Loss);

        Tensor Loss() => Outputs().Select((output, i) => (output * (i + 0.5)).tanh().mean()).Aggregate((a, b) => a + b);
    }

    [Test]
    public void RunAndRead_LeaveOnlyTheirResultsAlive()
    {
        using DisposeScope scope = NewDisposeScope();
        using TextBatch batch = Batch();
        foreach (ReadOutKind kind in _backbone.ReadOuts)
        {
            var readOut = new ReadOut(kind);
            Outputs();
            long before = DisposeScopeManager.Statistics.ThreadTotalLiveCount;

            Hidden hidden = _backbone.Run(batch);
            Tensor read = _backbone.Read(hidden, readOut);

            Assert.That(DisposeScopeManager.Statistics.ThreadTotalLiveCount - before, Is.EqualTo(3), kind.ToString()); // embeddings, states, what is read
            read.Dispose();
        }
    }

    private static TextBatch Batch() => new()
    {
        InputIds = tensor(new long[] { 2, 5, 6, 4, 3, 2, 8, 4, 3, 0 }, [2, 5]),
        AttentionMask = tensor(new long[] { 1, 1, 1, 1, 1, 1, 1, 1, 1, 0 }, [2, 5]),
        MaskPositions = tensor(new long[] { 3, 7 }),
    };

    // Pooled and mask logits.
    private Tensor[] Outputs()
    {
        Hidden hidden = _backbone.Run(Batch());
        return [_backbone.Read(hidden, new ReadOut(ReadOutKind.Pooled)), _backbone.Read(hidden, new ReadOut(ReadOutKind.MaskLogits))];
    }
}
