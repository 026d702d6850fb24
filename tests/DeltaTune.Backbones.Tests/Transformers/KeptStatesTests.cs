using DeltaTune.Batches;
using DeltaTune.Sites;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace DeltaTune.Backbones.Tests.Transformers;

/// <summary>A pass that computes only what is read gives what a whole pass gives, answers and gradients, and computes all where it must.</summary>
[TestFixture]
public sealed class KeptStatesTests
{
    private const double Rounding = 4e-6; // float32: sums of a few dozen products, taken in another order by kernels for other shapes

    private static readonly string[] LoraLike = ["attn.q", "attn.v", "attn.k", "attn.out", "ffn.in", "ffn.out", "ffn", "attn.norm", "ffn.norm"];

    [TestCase("bert", ReadOutKind.Pooled, 0, false)]
    [TestCase("bert", ReadOutKind.MaskStates, 1, false)]
    [TestCase("bert", ReadOutKind.MaskLogits, 2, false)]
    [TestCase("bert", ReadOutKind.Pooled, 1, true)]
    [TestCase("bert", ReadOutKind.MaskLogits, 1, true)]
    [TestCase("roberta", ReadOutKind.Pooled, 0, false)]
    [TestCase("roberta", ReadOutKind.MaskLogits, 2, false)]
    [TestCase("roberta", ReadOutKind.MaskLogits, 1, true)]
    public void Run_OneReadOut_GivesTheAnswerAndGradientsOfAll(string family, ReadOutKind kind, int masks, bool prompt)
    {
        using DisposeScope scope = NewDisposeScope();
        using var folder = new TinyFolder(family);
        using Backbone backbone = Load(folder, family);
        List<Effect> effects = Attach(backbone, (site, generator) => new LowRankEffect.Marked(site, generator), LoraLike);
        PrefixEffect prefix = new();
        prefix.AttachTo(Last(backbone, "attn.kv"));
        effects.Add(prefix);
        if (prompt)
        {
            var soft = new PromptEffect();
            soft.AttachTo(backbone.Embeddings);
            effects.Add(soft);
        }

        Parameter[] parameters = [.. effects.SelectMany(effect => effect.parameters())];
        TextBatch batch = Batch(masks);

        (Tensor expected, Tensor[] expectedGradients, _) = Answer(backbone, batch, kind, null, parameters);
        (Tensor actual, Tensor[] gradients, StatePositions positions) = Answer(backbone, batch, kind, kind, parameters);

        Assert.That(positions, Is.EqualTo(kind == ReadOutKind.Pooled ? StatePositions.First : StatePositions.Masks));
        Assert.That(Close.Difference(actual, expected), Is.LessThan(Rounding));
        Assert.That(gradients.Zip(expectedGradients, Close.Difference), Is.All.LessThan(Rounding));
        Assert.That(gradients.Select(gradient => gradient.abs().sum().item<float>()), Is.All.GreaterThan(0));
    }

    [TestCase(ReadOutKind.Pooled, 0)]
    [TestCase(ReadOutKind.MaskLogits, 1)]
    public void Run_HeadOrMasks_LeavesOnlyThosePositions(ReadOutKind kind, int masks)
    {
        using DisposeScope scope = NewDisposeScope();
        using var folder = new TinyFolder();
        using Backbone backbone = folder.Load();

        Hidden hidden = backbone.Run(Batch(masks), kind);

        Assert.That(hidden.States.shape, Is.EqualTo(new long[] { 3, 1, TinyFolder.Hidden }));
    }

    [TestCase(ReadOutKind.States)]
    [TestCase(ReadOutKind.Logits)]
    [TestCase(null)]
    public void Run_EverythingRead_ComputesAll(ReadOutKind? kind)
    {
        using DisposeScope scope = NewDisposeScope();
        using var folder = new TinyFolder();
        using Backbone backbone = folder.Load();

        Assert.That(backbone.Run(Batch(1), kind).Positions, Is.EqualTo(StatePositions.All));
    }

    [Test]
    public void Run_MasksUneven_ComputesAll()
    {
        using DisposeScope scope = NewDisposeScope();
        using var folder = new TinyFolder();
        using Backbone backbone = folder.Load();

        Hidden hidden = backbone.Run(Batch(1) with { MasksPerRow = 0 }, ReadOutKind.MaskLogits);

        Assert.That(hidden.Positions, Is.EqualTo(StatePositions.All));
        Assert.That(backbone.Read(hidden, new ReadOut(ReadOutKind.MaskStates)).size(0), Is.EqualTo(3));
    }

    [TestCase("attn.q", false, StatePositions.All)]
    [TestCase("attn.k", false, StatePositions.First)] // keys and values are computed for all positions in any case
    [TestCase("attn.v", false, StatePositions.First)]
    [TestCase("attn", true, StatePositions.All)]      // reads other positions than it gives
    [TestCase("attn.norm", false, StatePositions.All)]
    [TestCase("ffn", false, StatePositions.All)]
    [TestCase("ffn", true, StatePositions.First)]
    public void Run_EffectInTheLastLayer_ComputesAllWhereItMaySeeAll(string site, bool marked, StatePositions expected)
    {
        using DisposeScope scope = NewDisposeScope();
        using var folder = new TinyFolder();
        using Backbone backbone = folder.Load();
        Effect effect = Attach(backbone, (s, g) => marked ? new LowRankEffect.Marked(s, g) : new LowRankEffect.Unmarked(s, g), site)[^1];

        Assert.That(backbone.Run(Batch(0), ReadOutKind.Pooled).Positions, Is.EqualTo(expected));
        effect.Enabled = false;
        Assert.That(backbone.Run(Batch(0), ReadOutKind.Pooled).Positions, Is.EqualTo(StatePositions.First));
    }

    [TestCase(ReadOutKind.Pooled, ReadOutKind.MaskLogits, "the mask positions must be among the hidden states to be read, but the pass computed the first position of each row alone; run the batch for what is read, or for everything")]
    [TestCase(ReadOutKind.MaskLogits, ReadOutKind.Pooled, "the first position of each row must be among the hidden states to be read, but the pass computed the mask positions alone; run the batch for what is read, or for everything")]
    [TestCase(ReadOutKind.MaskStates, ReadOutKind.States, "every position must be among the hidden states to be read, but the pass computed the mask positions alone; run the batch for what is read, or for everything")]
    public void Read_OfAnotherPass_SaysWhatThePassComputed(ReadOutKind run, ReadOutKind read, string expected)
    {
        using DisposeScope scope = NewDisposeScope();
        using var folder = new TinyFolder();
        using Backbone backbone = folder.Load();
        Hidden hidden = backbone.Run(Batch(1), run);

        Assert.That(() => backbone.Read(hidden, new ReadOut(read)), Throws.InvalidOperationException.With.Message.EqualTo(expected));
    }

    private static Backbone Load(TinyFolder folder, string family)
        => family == "bert" ? folder.Load() : new Backbones.Transformers.RobertaLoader(new() { Path = folder.Path }).Load();

    private static Site Last(Backbone backbone, string name) => backbone.Sites.Single(site => site.Path == $"layers.{TinyFolder.Layers - 1}.{name}");

    // In every layer.
    private static List<Effect> Attach(Backbone backbone, Func<MapSite, Generator, Effect> make, params string[] names)
    {
        using var generator = new Generator(11, CPU);
        List<Effect> effects = [];
        foreach (MapSite site in backbone.Sites.OfType<MapSite>().Where(site => names.Any(name => site.Path == $"layers.{site.Layer}.{name}")))
        {
            effects.Add(make(site, generator));
            effects[^1].AttachTo(site);
        }

        return effects;
    }

    private static (Tensor Answer, Tensor[] Gradients, StatePositions Positions) Answer(
        Backbone backbone, TextBatch batch, ReadOutKind kind, ReadOutKind? reads, Parameter[] parameters)
    {
        Hidden hidden = backbone.Run(batch, reads);
        Tensor answer = backbone.Read(hidden, new ReadOut(kind));
        Tensor weights = arange(answer.numel()).to(ScalarType.Float32).view(answer.shape).cos();
        (answer * weights).mean().backward();
        Tensor[] gradients = [.. parameters.Select(p => p.grad!.clone())];
        foreach (Parameter parameter in parameters)
        {
            parameter.grad!.zero_();
        }

        return (answer.detach(), gradients, hidden.Positions);
    }

    // Three rows of six, two of them padded.
    private static TextBatch Batch(int masks) => new()
    {
        InputIds = tensor(new long[] { 2, 5, 4, 4, 6, 3, 2, 4, 4, 3, 0, 0, 2, 4, 8, 4, 3, 0 }, [3, 6]),
        AttentionMask = tensor(new long[] { 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 0, 0, 1, 1, 1, 1, 1, 0 }, [3, 6]),
        MaskPositions = masks switch { 0 => null, 1 => tensor(new long[] { 2, 7, 15 }), _ => tensor(new long[] { 2, 3, 7, 8, 13, 15 }) },
        MasksPerRow = masks,
    };

    // Two keys and values before those there are, as a prefix has them.
    private sealed class PrefixEffect : Effect<AttentionInput, Tensor>, IRowwiseEffect
    {
        private readonly Parameter _prefix; // [2, heads, 2, head_dim]: keys, values

        public PrefixEffect()
            : base(nameof(PrefixEffect))
        {
            using var generator = new Generator(13, CPU);
            _prefix = new Parameter(empty(2, TinyFolder.Heads, 2, TinyFolder.Hidden / TinyFolder.Heads).normal_(0, 1, generator));
            register_parameter("prefix", _prefix);
        }

        public override Tensor Apply(AttentionInput input, Func<AttentionInput, Tensor> next)
        {
            Tensor rows = _prefix.unsqueeze(1).expand(2, input.Query.size(0), -1, -1, -1); // [2, batch, heads, 2, head_dim]
            return next(input.WithPrefix(rows.select(0, 0), rows.select(0, 1)));
        }
    }

    // Two trained positions before every row.
    private sealed class PromptEffect : Effect<ModelBatch, Embedded>
    {
        private readonly Parameter _prompt; // [2, hidden]

        public PromptEffect()
            : base(nameof(PromptEffect))
        {
            using var generator = new Generator(17, CPU);
            _prompt = new Parameter(empty(2, TinyFolder.Hidden).normal_(0, 1, generator));
            register_parameter("prompt", _prompt);
        }

        public override Embedded Apply(ModelBatch input, Func<ModelBatch, Embedded> next)
        {
            Embedded embedded = next(input);
            Tensor rows = _prompt.unsqueeze(0).expand(embedded.Inputs.size(0), -1, -1);
            return new Embedded(cat([rows, embedded.Inputs], 1), ((TextBatch)embedded.Batch).Prepend(2));
        }
    }
}
