using DeltaTune.Backbones;
using DeltaTune.Batches;
using DeltaTune.Tasks;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace DeltaTune.Prompts.Verbalizers;

/// <summary>A fresh linear map from the state at the mask, or from the pooled state, to class scores: W·dropout(h) + b.</summary>
internal sealed class LinearVerbalizer : StateVerbalizer
{
    private readonly LinearVerbalizerOptions _options;
    private Linear? _linear;
    private Dropout? _dropout;

    /// <summary>Creates the verbalizer; the map is made when it is bound.</summary>
    /// <param name="options">Its settings.</param>
    public LinearVerbalizer(LinearVerbalizerOptions options)
        : base("linear")
        => _options = options;

    /// <inheritdoc/>
    public override Tensor Score(Hidden hidden)
    {
        using DisposeScope scope = NewDisposeScope();
        return _linear!.call(_dropout!.call(States.Read(hidden))).MoveToOuterDisposeScope();   // [rows, classes]
    }

    /// <inheritdoc/>
    protected override StateReader Make(Backbone backbone, Template template, ITask task, Device device)
    {
        StateReader states = StateReader.Create(backbone, template, _options.Input);
        _linear = nn.Linear(states.Features, task.Classes.Count, device: device);
        _dropout = nn.Dropout(_options.Dropout);
        register_module("linear", _linear);
        register_module("dropout", _dropout);
        return states;
    }
}
