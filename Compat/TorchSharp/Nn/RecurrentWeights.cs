using TorchSharp.Modules;
using static TorchSharp.torch;

namespace TorchSharp;

/// <summary>The parameters of recurrent networks, named and drawn as in PyTorch.</summary>
internal static class RecurrentWeights
{
    /// <summary>Makes and registers, for each layer and direction, input weights, hidden weights and, where asked for, both biases, all uniform within ±1/√hidden.</summary>
    /// <param name="module">Where they are registered, as <c>weight_ih_l0</c>, <c>weight_hh_l0</c>, <c>bias_ih_l0</c>, <c>bias_hh_l0</c>, <c>weight_ih_l0_reverse</c>, ...</param>
    /// <param name="gates">Rows of a weight for each hidden unit: 4 for LSTM, 3 for GRU.</param>
    /// <param name="shape">The network's sizes.</param>
    /// <param name="device">Where they are made.</param>
    /// <param name="dtype">Their element type.</param>
    /// <returns>The parameters in the order in which libtorch takes them.</returns>
    internal static Tensor[] Register(nn.Module module, long gates, RecurrentShape shape, Device? device, ScalarType? dtype)
    {
        List<Tensor> flat = [];
        long directions = shape.Bidirectional ? 2 : 1;
        for (long layer = 0; layer < shape.Layers; layer++)
        {
            long width = layer == 0 ? shape.Input : shape.Hidden * directions;
            for (long direction = 0; direction < directions; direction++)
            {
                string suffix = $"l{layer}{(direction == 1 ? "_reverse" : string.Empty)}";
                flat.Add(Draw(module, $"weight_ih_{suffix}", [gates * shape.Hidden, width], shape, device, dtype));
                flat.Add(Draw(module, $"weight_hh_{suffix}", [gates * shape.Hidden, shape.Hidden], shape, device, dtype));
                if (shape.Bias)
                {
                    flat.Add(Draw(module, $"bias_ih_{suffix}", [gates * shape.Hidden], shape, device, dtype));
                    flat.Add(Draw(module, $"bias_hh_{suffix}", [gates * shape.Hidden], shape, device, dtype));
                }
            }
        }
        return [.. flat];
    }

    /// <summary>Makes the state before the first word, <c>[layers · directions, batch, hidden]</c>, all zero.</summary>
    internal static Tensor FirstState(Tensor input, RecurrentShape shape)
    {
        if (input.dim() != 3)
        {
            throw new ArgumentException(
                $"a recurrent network takes {(shape.BatchFirst ? "[batch, seq, in]" : "[seq, batch, in]")}, but got {input.dim()} dimensions", nameof(input));
        }
        long batch = input.size(shape.BatchFirst ? 0 : 1);
        return zeros([shape.Layers * (shape.Bidirectional ? 2 : 1), batch, shape.Hidden], input.dtype, input.device);
    }

    private static Parameter Draw(nn.Module module, string name, long[] sizes, RecurrentShape shape, Device? device, ScalarType? dtype)
    {
        double bound = 1 / Math.Sqrt(shape.Hidden);
        var parameter = new Parameter(empty(sizes, dtype, device));
        nn.init.uniform_(parameter, -bound, bound);
        module.register_parameter(name, parameter);
        return parameter;
    }
}
