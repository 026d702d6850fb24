using DeltaTune.Backbones;
using DeltaTune.Batches;
using DeltaTune.Tasks;
using static TorchSharp.torch;

namespace DeltaTune.Prompts.Verbalizers;

/// <summary>Takes the pooled state as the class scores: for a backbone that ends in the classes. It trains nothing of its own.</summary>
/// <remarks>Source: Kipf and Welling 2017, equation 9, https://arxiv.org/abs/1609.02907, where the last convolution gives a score a class.</remarks>
internal sealed class ScoresVerbalizer : Verbalizer
{
    private Backbone? _backbone;

    /// <summary>Creates the verbalizer.</summary>
    /// <param name="options">It has no settings.</param>
    public ScoresVerbalizer(ScoresVerbalizerOptions options)
        : base("scores")
        => ArgumentNullException.ThrowIfNull(options);

    /// <inheritdoc/>
    public override ReadOutKind Reads => ReadOutKind.Pooled;

    /// <inheritdoc/>
    public override void Bind(Backbone backbone, Template template, ITask task)
    {
        ArgumentNullException.ThrowIfNull(backbone);
        ArgumentNullException.ThrowIfNull(task);
        if (!backbone.ReadOuts.Contains(ReadOutKind.Pooled))
        {
            throw new InvalidRunException("verbalizer", $"must be one that reads masks, such as 'manual': this '{backbone.Description.Family}' has no pooled state, which 'scores' reads");
        }

        int size = backbone.Description.PooledSize ?? backbone.Description.HiddenSize;
        _backbone = size == task.Classes.Count ? backbone : throw new InvalidRunException("verbalizer",
            $"'scores' must be given {task.Classes.Count} numbers, a score a class, but this '{backbone.Description.Family}' gives {size}; a graph network's backbone.output_size sets them, and 'linear' maps them");
    }

    /// <inheritdoc/>
    public override Tensor Score(Hidden hidden)
        => (_backbone ?? throw new InvalidOperationException("a verbalizer must be bound before it scores")).Read(hidden, new ReadOut(ReadOutKind.Pooled)); // [rows, classes]
}
