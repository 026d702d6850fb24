using DeltaTune.Batches;
using DeltaTune.Sites;
using TorchSharp;
using TorchSharp.Modules;
using TorchSharp.Utils;
using static TorchSharp.torch;

namespace DeltaTune.Prompts.Templates;

/// <summary>Soft tokens whose rows come out of a small network over all of them: Z = W₂·ReLU(W₁·LSTM(Q)).</summary>
internal sealed class PromptEncoderEffect : Effect<ModelBatch, Embedded>
{
    [ComponentName(Name = "table")] private Parameter _table;       // Q, [rows, hidden]
    [ComponentName(Name = "lstm")] private readonly LSTM? _lstm;    // [1, rows, hidden] -> [1, rows, 2 hidden]
    [ComponentName(Name = "mlp_in")] private readonly Linear _mlpIn;   // W₁ [hidden, 2 hidden or hidden]
    [ComponentName(Name = "mlp_out")] private readonly Linear _mlpOut; // W₂ [hidden, hidden]

    /// <summary>Makes the table, drawn from N(0, 1), and the network.</summary>
    /// <param name="rows">How many soft rows there are.</param>
    /// <param name="hidden">The size of an embedding.</param>
    /// <param name="kind">With or without the LSTM.</param>
    /// <param name="device">Where.</param>
    public PromptEncoderEffect(int rows, long hidden, PromptEncoderKind kind, Device device)
        : base(nameof(PromptEncoderEffect))
    {
        bool recurrent = kind == PromptEncoderKind.Lstm;
        _table = new Parameter(randn(rows, hidden, device: device));
        _lstm = recurrent ? nn.LSTM(hidden, hidden, numLayers: 2, batchFirst: true, bidirectional: true, device: device) : null;
        _mlpIn = nn.Linear(recurrent ? 2 * hidden : hidden, hidden, device: device);
        _mlpOut = nn.Linear(hidden, hidden, device: device);
        RegisterComponents();
    }

    /// <inheritdoc/>
    public override Embedded Apply(ModelBatch input, Func<ModelBatch, Embedded> next) => SoftPositions.Replace(next(input), Rows(), Strength);

    private Tensor Rows()
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor states = _table;                                             // [rows, hidden]
        if (_lstm is not null)
        {
            (Tensor output, _, _) = _lstm.call(_table.unsqueeze(0));        // [1, rows, 2 hidden]
            states = output.squeeze(0);                                     // [rows, 2 hidden]
        }

        Tensor inner = _mlpIn.call(states).relu();                          // [rows, hidden]
        return _mlpOut.call(inner).MoveToOuterDisposeScope();               // [rows, hidden]
    }
}
