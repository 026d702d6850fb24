using static TorchSharp.torch;

namespace TorchSharp.Modules;

/// <summary>Batch normalisation of <c>[batch, features]</c> or <c>[batch, features, length]</c>.</summary>
public sealed class BatchNorm1d : BatchNorm
{
    internal BatchNorm1d(long features, double eps, double momentum, bool affine, bool trackRunningStats, Device? device, ScalarType? dtype)
        : base(features, eps, momentum, affine, trackRunningStats, device, dtype, nameof(BatchNorm1d))
    {
    }

    /// <inheritdoc/>
    protected override void ValidateInputDimensions(Tensor input)
    {
        ArgumentNullException.ThrowIfNull(input);
        if (input.dim() is not (2 or 3))
        {
            throw new ArgumentException($"BatchNorm1d takes [batch, features] or [batch, features, length], but got {input.dim()} dimensions", nameof(input));
        }
    }
}
