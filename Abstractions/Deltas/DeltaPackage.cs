using Newtonsoft.Json.Linq;
using static TorchSharp.torch;

namespace DeltaTune.Deltas;

/// <summary>A delta as files hold it: a configuration and named tensors.</summary>
/// <param name="Config">The content of <c>adapter_config.json</c>, with every key that the file had.</param>
/// <param name="Tensors">The content of <c>adapter_model.safetensors</c>, by the names in the file. The package owns them.</param>
public sealed record DeltaPackage(JObject Config, IReadOnlyDictionary<string, Tensor> Tensors) : IDisposable
{
    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (Tensor tensor in Tensors.Values)
        {
            tensor.Dispose();
        }
    }
}
