using DeltaTune.Backbones;
using DeltaTune.Batches;
using DeltaTune.Sites;
using DeltaTune.Text;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace DeltaTune.Prompts.Tests;

/// <summary>Embeddings without layers: the hidden states are the embeddings, and a word's score is its embedding times the state at the mask.</summary>
internal sealed class FakeBackbone : Backbone
{
    private readonly Parameter _table; // [vocab, hidden]

    public FakeBackbone(ITokenizer? tokenizer, Tensor table, BackboneKind kind = BackboneKind.MaskedLanguageModel)
        : base(new BackboneDescription { Family = "fake", Kind = kind, HiddenSize = (int)table.size(1), Layers = 0, VocabularySize = (int)table.size(0), MaxLength = 512 })
    {
        long features = table.size(1);
        _table = new Parameter(table, requires_grad: false); // takes the table over
        register_parameter("table", _table);
        Embeddings = new EmbeddingSite("embeddings.tokens", "fake.words", features, Embed);
        Sites = [Embeddings, new ParameterSite("embeddings.tokens.weight", "fake.words.weight", null, () => _table)];
        InputEncoder = tokenizer is null ? new FakeGraphEncoder() : new FakeEncoder(tokenizer);
        ReadOuts = tokenizer is null ? [ReadOutKind.Pooled] : [ReadOutKind.Pooled, ReadOutKind.States, ReadOutKind.MaskStates, ReadOutKind.MaskLogits];
    }

    /// <summary>Gets or sets the vocabulary's scores at the masks, in place of computed ones.</summary>
    public Tensor? MaskLogits { get; set; }

    public override IReadOnlyList<Site> Sites { get; }

    public override EmbeddingSite Embeddings { get; }

    public override InputEncoder InputEncoder { get; }

    public override IReadOnlyCollection<ReadOutKind> ReadOuts { get; }

    public static FakeBackbone WithWords(params string[] words)
    {
        var tokenizer = FakeTokenizer.Of(words);
        return new FakeBackbone(tokenizer, arange(0, tokenizer.VocabularySize * 3).to(ScalarType.Float32).reshape(-1, 3) / 10);
    }

    /// <summary>A batch of token rows of one length.</summary>
    public static TextBatch Batch(long[,] ids, long[,]? softIds = null, long[]? masks = null) => new()
    {
        InputIds = tensor(ids),
        AttentionMask = ones_like(tensor(ids)),
        SoftIds = softIds is null ? null : tensor(softIds),
        MaskPositions = masks is null ? null : tensor(masks),
    };

    public override Tensor Read(Hidden hidden, ReadOut readOut)
    {
        Tensor flat = hidden.States.reshape(-1, hidden.States.size(-1));
        Tensor? masks = (hidden.Batch as TextBatch)?.MaskPositions;
        return readOut.Kind switch
        {
            ReadOutKind.Pooled => hidden.States.mean([1]),
            ReadOutKind.States => hidden.States.alias(),
            ReadOutKind.MaskStates => flat.index_select(0, masks!),
            ReadOutKind.MaskLogits => Chosen(MaskLogits ?? flat.index_select(0, masks!).mm(_table.t()), readOut.VocabularyIds),
            _ => throw new NotSupportedException(),
        };
    }

    public override Head CreateHead(int classes) => new FakeHead(Description.HiddenSize, classes);

    protected override Hidden RunLayers(Embedded embedded, ReadOutKind? reads) => new(embedded.Inputs.alias(), embedded.Batch);

    private static Tensor Chosen(Tensor logits, Tensor? ids) => ids is null ? logits : logits.index_select(1, ids);

    private Embedded Embed(ModelBatch batch)
    {
        var text = (TextBatch)batch;
        Tensor rows = _table.index_select(0, text.InputIds.reshape(-1));
        return new Embedded(rows.reshape(text.Rows, text.Length, -1), batch);
    }
}
