using DeltaTune.Backbones;
using DeltaTune.Batches;
using DeltaTune.Tasks;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace DeltaTune.Prompts.Verbalizers;

/// <summary>The family's own classification head, trained with the rest: fine-tuning as it is usually done, without label words.</summary>
/// <remarks>The head is the child <c>head</c>; it starts from the checkpoint's weights where that has a head of as many classes.</remarks>
internal sealed class HeadVerbalizer : Verbalizer
{
    private Head? _head;

    /// <summary>Creates the verbalizer; the head is made when it is bound.</summary>
    /// <param name="options">It has no settings.</param>
    public HeadVerbalizer(HeadVerbalizerOptions options)
        : base("head")
        => ArgumentNullException.ThrowIfNull(options);

    /// <inheritdoc/>
    public override ReadOutKind Reads => Bound.Reads;

    private Head Bound => _head ?? throw new InvalidOperationException("a verbalizer must be bound before it scores");

    /// <inheritdoc/>
    public override void Bind(Backbone backbone, Template template, ITask task)
    {
        ArgumentNullException.ThrowIfNull(backbone);
        ArgumentNullException.ThrowIfNull(task);
        _head = backbone.CreateHead(task.Classes.Count);
        foreach (Parameter parameter in _head.parameters())
        {
            parameter.requires_grad = true;
        }

        register_module("head", _head);
    }

    /// <inheritdoc/>
    public override Tensor Score(Hidden hidden) => Bound.call(hidden);
}
