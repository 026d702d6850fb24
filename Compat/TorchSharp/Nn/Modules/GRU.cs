using TorchSharp.Interop;
using static TorchSharp.torch;

namespace TorchSharp.Modules;

/// <summary>A network of gated recurrent units.</summary>
/// <remarks>Source: Cho et al. 2014, https://arxiv.org/abs/1406.1078; gates in PyTorch's order r, z, n.</remarks>
public sealed class GRU : nn.Module<Tensor, Tensor, (Tensor, Tensor)>
{
    private static readonly Operator s_gru = new("gru", "input");
    private readonly RecurrentShape _shape;
    private readonly Tensor[] _flat;

    internal GRU(RecurrentShape shape, Device? device, ScalarType? dtype)
        : base(nameof(GRU))
    {
        _shape = shape;
        _flat = RecurrentWeights.Register(this, gates: 3, shape, device, dtype);
    }

    /// <summary>Does nothing: the weights lie as libtorch wants them.</summary>
    public void flatten_parameters() => _ = _flat;

    /// <summary>Runs the hooks and <see cref="forward"/>.</summary>
    public new (Tensor, Tensor) call(Tensor input, Tensor? h0 = null) => base.call(input, h0!);

    /// <summary>Reads a sequence.</summary>
    /// <param name="input"><c>[seq, batch, in]</c>, or <c>[batch, seq, in]</c> where the batch comes first.</param>
    /// <param name="h0">The state before the first word, <c>[layers · directions, batch, hidden]</c>; zeros where null.</param>
    /// <returns>The hidden states of the last layer <c>[seq, batch, directions · hidden]</c>, and the state after the last word.</returns>
    public override (Tensor, Tensor) forward(Tensor input, Tensor? h0 = null)
    {
        using Tensor? zero = h0 is null ? RecurrentWeights.FirstState(input, _shape) : null;
        return s_gru.Call2(input, h0 ?? zero, _flat, _shape.Bias, _shape.Layers, _shape.Dropout, training, _shape.Bidirectional, _shape.BatchFirst);
    }
}
