using DeltaTune.Backbones;
using DeltaTune.Batches;
using DeltaTune.Tasks;
using static TorchSharp.torch;

namespace DeltaTune.Prompts.Verbalizers;

/// <summary>One word stands for each class. Nothing is trained.</summary>
/// <remarks>Source: OpenPrompt's One2oneVerbalizer. Mathematics: <see cref="WordScorer"/>.</remarks>
internal sealed class OneToOneVerbalizer : Verbalizer, ICalibratedVerbalizer
{
    private readonly OneToOneVerbalizerOptions _options;
    private WordReader? _reader;

    /// <summary>Creates the verbalizer; words are looked up when it is bound.</summary>
    /// <param name="options">Its settings.</param>
    public OneToOneVerbalizer(OneToOneVerbalizerOptions options)
        : base("one2one")
        => _options = options;

    /// <inheritdoc/>
    public override ReadOutKind Reads => ReadOutKind.MaskLogits;

    /// <inheritdoc/>
    public override void Bind(Backbone backbone, Template template, ITask task)
    {
        ArgumentNullException.ThrowIfNull(backbone);
        ArgumentNullException.ThrowIfNull(template);
        ArgumentNullException.ThrowIfNull(task);
        WordReader.Check(backbone, template, "one2one");
        ClassInfo[] classes = [.. task.Classes.Select(c => c with { LabelWords = [.. c.LabelWords.Take(1)] })];
        LabelWordTable table = LabelWordTable.Create(
            classes,
            _options.LabelWords.ToDictionary(p => p.Key, IReadOnlyList<string> (p) => [p.Value], StringComparer.Ordinal),
            _options.Prefix,
            TextBackbone.Tokenizer(backbone, "verbalizer", "one2one"),
            exactlyOne: true);
        var scorer = new WordScorer(table, _options.MultiToken, _options.PostLogSoftmax, TextBackbone.DeviceOf(backbone));
        register_module("words", scorer);
        _reader = new WordReader(backbone, scorer);
    }

    /// <inheritdoc/>
    public override Tensor Score(Hidden hidden) => Reader.Score(hidden);

    /// <inheritdoc/>
    public void Calibrate(IEnumerable<Hidden> support)
    {
        ArgumentNullException.ThrowIfNull(support);
        if (!_options.PostLogSoftmax)
        {
            throw new InvalidRunException("verbalizer.post_log_softmax", "must be true where scores are calibrated, since the bias is divided out of probabilities, but is false");
        }

        Reader.Calibrate(support);
    }

    private WordReader Reader => _reader ?? throw new InvalidOperationException("a verbalizer must be bound before it scores");
}
