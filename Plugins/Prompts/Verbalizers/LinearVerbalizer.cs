using DeltaTune.Backbones;
using DeltaTune.Batches;
using DeltaTune.Tasks;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace DeltaTune.Prompts.Verbalizers;

/// <summary>A fresh linear map from the state at the mask, or from the pooled state, to class scores: W·dropout(h) + b.</summary>
internal sealed class LinearVerbalizer : Verbalizer
{
    private readonly LinearVerbalizerOptions _options;
    private Backbone? _backbone;
    private Linear? _linear;
    private Dropout? _dropout;
    private int _masks; // read side by side; 0 for the pooled state

    /// <summary>Creates the verbalizer; the map is made when it is bound.</summary>
    /// <param name="options">Its settings.</param>
    public LinearVerbalizer(LinearVerbalizerOptions options)
        : base("linear")
        => _options = options;

    /// <inheritdoc/>
    public override ReadOutKind Reads => _masks > 0 ? ReadOutKind.MaskStates : ReadOutKind.Pooled;

    /// <inheritdoc/>
    public override void Bind(Backbone backbone, Template template, ITask task)
    {
        ArgumentNullException.ThrowIfNull(backbone);
        ArgumentNullException.ThrowIfNull(template);
        ArgumentNullException.ThrowIfNull(task);
        bool canMask = backbone.ReadOuts.Contains(ReadOutKind.MaskStates);
        bool atMask = _options.Input == LinearInput.Mask || (_options.Input == LinearInput.Auto && template.Masks > 0 && canMask);
        if (atMask && (template.Masks == 0 || !canMask))
        {
            throw new InvalidRunException("verbalizer.input", $"must be 'pooled' here, but is 'mask': {(canMask ? "the template has no mask" : $"'{backbone.Description.Family}' has none")}");
        }

        if (!atMask && !backbone.ReadOuts.Contains(ReadOutKind.Pooled))
        {
            throw new InvalidRunException("verbalizer.input", $"must be 'mask' here, since this '{backbone.Description.Family}' has no pooled state, but is '{_options.Input.ToString().ToLowerInvariant()}'");
        }

        _backbone = backbone;
        _masks = atMask ? template.Masks : 0;
        _linear = nn.Linear(backbone.Description.HiddenSize * Math.Max(1, (long)_masks), task.Classes.Count, device: TextBackbone.DeviceOf(backbone));
        _dropout = nn.Dropout(_options.Dropout);
        register_module("linear", _linear);
        register_module("dropout", _dropout);
    }

    /// <inheritdoc/>
    public override Tensor Score(Hidden hidden)
    {
        if (_backbone is null) { throw new InvalidOperationException("a verbalizer must be bound before it scores"); }
        using DisposeScope scope = NewDisposeScope();
        Tensor state = _backbone.Read(hidden, new ReadOut(Reads));
        if (_masks > 1) { state = state.reshape(-1, _masks * state.size(1)); }                           // [masks, hidden] -> [rows, masks of a row · hidden]
        return _linear!.call(_dropout!.call(state.to(ScalarType.Float32))).MoveToOuterDisposeScope();    // [rows, classes]
    }
}
