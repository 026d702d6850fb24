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
        foreach ((string name, TorchSharp.Modules.Parameter parameter) in module.named_parameters().OrderBy(p => p.name, StringComparer.Ordinal))
        {
            Tensor value = parameter.detach().cpu().contiguous();
            hash.AppendData(Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{name} {value.dtype} [{string.Join(", ", value.shape)}]\n")));
            hash.AppendData(value.bytes);
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}
