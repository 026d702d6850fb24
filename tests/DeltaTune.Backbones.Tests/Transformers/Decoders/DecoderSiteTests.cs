using DeltaTune.Batches;
using DeltaTune.Sites;
using TorchSharp;
using static TorchSharp.torch;

namespace DeltaTune.Backbones.Tests.Transformers.Decoders;

/// <summary>The sites of GPT-2 and LLaMA: what they are called, and that effects act there and only there.</summary>
[TestFixture("gpt2")]
[TestFixture("llama")]
public sealed class DecoderSiteTests(string family) : IDisposable
{
    private readonly Backbone _backbone = TinyDecoder.Network(family);

    public void Dispose() => _backbone.Dispose();

    [Test]
    public void Sites_OfFamily_AreThoseApproved()
    {
        string[] approved = File.ReadAllLines(Path.Combine(TestContext.CurrentContext.TestDirectory, "Transformers", "Approved", family + ".sites.txt"));

        Assert.That(_backbone.Sites.Select(site => $"{site.Role} {site.Path} {site.CheckpointPath}"), Is.EqualTo(approved));
    }

    [Test]
    public void Sites_Parameters_HaveEachTensorOnce()
    {
        string[] paths = [.. _backbone.Sites.OfType<ParameterSite>().Select(site => site.CheckpointPath)];

        Assert.That(paths, Is.Unique);
        Assert.That(paths, Is.EquivalentTo(_backbone.named_parameters().Select(p => p.name)));
    }

    [Test]
    public void Run_IdentityAtEverySite_ChangesRoundingAtMost()
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

        // A fused map and its slices are products of other shapes, whose kernels may sum in another order.
        Assert.That(actual.Zip(expected, Close.Difference), Is.All.LessThan(4e-6));
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
            effect.Enabled = false;
            Tensor[] off = Outputs();
            effect.DetachFrom(site);
            Tensor[] back = Outputs();

            Assert.That(Close.Same(changed[0], expected[0]), Is.EqualTo(site.Path == "head"), site.Path); // the head is seen by the logits alone
            Assert.That(Close.Same(changed[1], expected[1]), Is.False, site.Path);
            Assert.That(off.Zip(expected, Close.Same), Is.All.True, site.Path);
            Assert.That(back.Zip(expected, Close.Same), Is.All.True, site.Path);
        }
    }

    [TestCase("embeddings.tokens.weight")]
    [TestCase("layers.0.attn.out.weight")]
    [TestCase("layers.1.ffn.in.weight")]
    [TestCase("layers.1.ffn.norm.weight")]
    [TestCase("norm.weight")]
    public void Run_OneTrainedParameter_HasTheGradientOfFiniteDifferences(string path)
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor value = ((ParameterSite)_backbone.Sites.Single(s => s is ParameterSite && s.Path == path)).Value;

        FiniteDifferences.Agree(value, step: 1e-2f, Loss);

        Tensor Loss() => Outputs().Select((output, i) => (output * (i + 0.5)).tanh().mean()).Aggregate((a, b) => a + b);
    }

    [TestCase(ReadOutKind.Pooled, StatePositions.Last)]
    [TestCase(ReadOutKind.MaskStates, StatePositions.Masks)]
    [TestCase(ReadOutKind.MaskLogits, StatePositions.Masks)]
    [TestCase(ReadOutKind.Logits, StatePositions.All)]
    public void Run_OneReadOut_GivesTheAnswerOfAll(ReadOutKind kind, StatePositions kept)
    {
        using DisposeScope scope = NewDisposeScope();
        Effect slice = ScaledEffects.For(_backbone.Sites.Single(s => s.Path == "layers.1.attn.q"), 1.5);
        using TextBatch batch = TinyDecoder.Batch();
        foreach (bool sliced in new[] { false, true })
        {
            if (sliced)
            {
                slice.AttachTo(_backbone.Sites.Single(s => s.Path == "layers.1.attn.q"));
            }

            Tensor expected = _backbone.Read(_backbone.Run(batch), new ReadOut(kind));
            Hidden hidden = _backbone.Run(batch, kind);

            Assert.That(hidden.Positions, Is.EqualTo(kept));
            Assert.That(Close.Difference(_backbone.Read(hidden, new ReadOut(kind)), expected), Is.LessThan(4e-6)); // float32, kernels for other shapes
        }

        slice.DetachFrom(_backbone.Sites.Single(s => s.Path == "layers.1.attn.q"));
    }

    [Test]
    public void Run_PaddedLeft_GivesWhatPaddingOnTheRightGives()
    {
        using DisposeScope scope = NewDisposeScope();
        using TextBatch right = TinyDecoder.Batch();
        var left = new TextBatch
        {
            InputIds = tensor(new long[] { 2, 5, 6, 4, 3, 0, 2, 8, 4, 3 }, [2, 5]),
            AttentionMask = tensor(new long[] { 1, 1, 1, 1, 1, 0, 1, 1, 1, 1 }, [2, 5]),
            PadsLeft = true,
        };

        Tensor expected = _backbone.Read(_backbone.Run(right), new ReadOut(ReadOutKind.Logits)), actual = _backbone.Read(_backbone.Run(left), new ReadOut(ReadOutKind.Logits));

        Assert.That(Close.Difference(actual.select(0, 0), expected.select(0, 0)), Is.LessThan(4e-6));
        Assert.That(Close.Difference(actual.select(0, 1).narrow(0, 1, 4), expected.select(0, 1).narrow(0, 0, 4)), Is.LessThan(4e-6));
        Assert.That(Close.Difference(
            _backbone.Read(_backbone.Run(left), new ReadOut(ReadOutKind.Pooled)), _backbone.Read(_backbone.Run(right), new ReadOut(ReadOutKind.Pooled))), Is.LessThan(4e-6));
    }

    [Test]
    public void Run_LaterTokens_ChangeNothingBeforeThem()
    {
        using DisposeScope scope = NewDisposeScope();
        using TextBatch batch = TinyDecoder.Batch();
        Tensor expected = _backbone.Run(batch).States.clone();
        batch.InputIds.select(1, 4).fill_(7);

        Tensor actual = _backbone.Run(batch).States;

        Assert.That(Close.Same(actual.narrow(1, 0, 4), expected.narrow(1, 0, 4)), Is.True);
        Assert.That(Close.Same(actual, expected), Is.False);
    }

    [Test]
    public void RunAndRead_LeaveOnlyTheirResultsAlive()
    {
        using DisposeScope scope = NewDisposeScope();
        using TextBatch batch = TinyDecoder.Batch();
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

    [Test]
    public void CreateHead_FewClasses_ScoresTheLastToken()
    {
        using DisposeScope scope = NewDisposeScope();
        using Head head = _backbone.CreateHead(3);
        using TextBatch batch = TinyDecoder.Batch();

        Tensor scores = head.call(_backbone.Run(batch, head.Reads));

        Tensor states = _backbone.Run(batch).States;
        Tensor last = stack([states.select(0, 0).select(0, 4), states.select(0, 1).select(0, 3)]);
        Tensor weight = head.parameters().Single();
        Assert.That(head.CheckpointPath, Is.EqualTo("score"));
        Assert.That(Close.Difference(scores, nn.functional.linear(last, weight)), Is.LessThan(4e-6));
    }

    // Last states and mask logits.
    private Tensor[] Outputs()
    {
        using TextBatch batch = TinyDecoder.Batch();
        Hidden hidden = _backbone.Run(batch);
        return [_backbone.Read(hidden, new ReadOut(ReadOutKind.Pooled)), _backbone.Read(hidden, new ReadOut(ReadOutKind.MaskLogits))];
    }
}
