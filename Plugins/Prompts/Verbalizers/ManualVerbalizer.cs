using DeltaTune.Backbones;
using DeltaTune.Batches;
using DeltaTune.Tasks;
using static TorchSharp.torch;

namespace DeltaTune.Prompts.Verbalizers;

/// <summary>A class is as likely as its words are at the mask. Nothing is trained.</summary>
/// <remarks>Source and mathematics: <see cref="WordScorer"/>. Only the label words are scored, not the whole vocabulary.</remarks>
internal sealed class ManualVerbalizer : Verbalizer, ICalibratedVerbalizer
{
    private readonly ManualVerbalizerOptions _options;
    private WordReader? _reader;

    /// <summary>Creates the verbalizer; words are looked up when it is bound.</summary>
    /// <param name="options">Its settings.</param>
    public ManualVerbalizer(ManualVerbalizerOptions options)
        : base("manual")
        => _options = options;

    /// <inheritdoc/>
    public override ReadOutKind Reads => ReadOutKind.MaskLogits;

    /// <inheritdoc/>
    public override void Bind(Backbone backbone, Template template, ITask task)
    {
        ArgumentNullException.ThrowIfNull(backbone);
        ArgumentNullException.ThrowIfNull(template);
        ArgumentNullException.ThrowIfNull(task);
        WordReader.Check(backbone, template, "manual");
        LabelWordTable table = LabelWordTable.Create(
            task.Classes, _options.LabelWords, _options.Prefix, TextBackbone.Tokenizer(backbone, "verbalizer", "manual"), exactlyOne: false);
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
