using TorchSharp.Interop;
using static TorchSharp.torch;

namespace TorchSharp.Modules;

/// <summary>A long short-term memory network.</summary>
/// <remarks>Source: Hochreiter and Schmidhuber 1997, with forget gates (Gers et al. 2000); gates in PyTorch's order i, f, g, o.</remarks>
public sealed class LSTM : nn.Module<Tensor, (Tensor, Tensor)?, (Tensor, Tensor, Tensor)>
{
    private static readonly Operator s_lstm = new("lstm", "input");
    private readonly RecurrentShape _shape;
    private readonly Tensor[] _flat;

    internal LSTM(RecurrentShape shape, Device? device, ScalarType? dtype)
        : base(nameof(LSTM))
    {
        _shape = shape;
        _flat = RecurrentWeights.Register(this, gates: 4, shape, device, dtype);
    }

    /// <summary>Does nothing: the weights lie as libtorch wants them.</summary>
    public void flatten_parameters() => _ = _flat;

    /// <summary>Runs the hooks and <see cref="forward"/>.</summary>
    public new (Tensor, Tensor, Tensor) call(Tensor input, (Tensor, Tensor)? h0_c0 = null) => base.call(input, h0_c0);

    /// <summary>Reads a sequence.</summary>
    /// <param name="input"><c>[seq, batch, in]</c>, or <c>[batch, seq, in]</c> where the batch comes first.</param>
    /// <param name="h0_c0">The states before the first word, <c>[layers · directions, batch, hidden]</c> each; zeros where null.</param>
    /// <returns>The hidden states of the last layer <c>[seq, batch, directions · hidden]</c>, and both states after the last word.</returns>
    public override (Tensor, Tensor, Tensor) forward(Tensor input, (Tensor, Tensor)? h0_c0 = null)
    {
        using Tensor? zero = h0_c0 is null ? RecurrentWeights.FirstState(input, _shape) : null;
        (Tensor hidden, Tensor cell) = h0_c0 ?? (zero!, zero!);
        return s_lstm.Call3(input, new[] { hidden, cell }, _flat, _shape.Bias, _shape.Layers, _shape.Dropout, training, _shape.Bidirectional, _shape.BatchFirst);
    }
}
