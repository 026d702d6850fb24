using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using TorchSharp;
using static TorchSharp.torch;

namespace DeltaTune.Backbones;

/// <summary>Tells one set of weights from another.</summary>
internal static class BackboneFingerprint
{
    /// <summary>SHA-256 over names, shapes, types and bytes, in the order of the names.</summary>
    public static string Of(nn.Module module)
    {
        using DisposeScope scope = NewDisposeScope();
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        IEnumerable<(string Name, Tensor Value)> parameters = module.named_parameters().Select(p => (p.name, (Tensor)p.parameter));
        IEnumerable<(string Name, Tensor Value)> buffers = module.named_buffers().Select(b => (b.name, b.buffer)); // a batch norm's statistics
        foreach ((string name, Tensor tensor) in parameters.Concat(buffers).OrderBy(p => p.Name, StringComparer.Ordinal))
        {
            Tensor value = tensor.detach().cpu().contiguous();
            hash.AppendData(Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{name} {value.dtype} [{string.Join(", ", value.shape)}]\n")));
            hash.AppendData(value.bytes);
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}
