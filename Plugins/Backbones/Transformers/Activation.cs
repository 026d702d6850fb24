using TorchSharp.Modules;
using static TorchSharp.torch;

namespace DeltaTune.Backbones.Transformers;

/// <summary>The activations that configurations name.</summary>
internal static class Activation
{
    public static IReadOnlyDictionary<string, Func<Tensor, Tensor>> Known { get; } = new Dictionary<string, Func<Tensor, Tensor>>(StringComparer.Ordinal)
    {
        ["gelu"] = x => x.gelu(),
        ["gelu_new"] = x => nn.functional.gelu(x, GELU.Approximate.tanh),
        ["gelu_pytorch_tanh"] = x => nn.functional.gelu(x, GELU.Approximate.tanh),
        ["relu"] = x => x.relu(),
        ["silu"] = x => x.silu(),
        ["swish"] = x => x.silu(),
        ["tanh"] = x => x.tanh(),
    };
}
