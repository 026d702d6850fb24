using static TorchSharp.torch;

namespace TorchSharp.Modules;

/// <summary>Normalisation of each feature over the batch: by the batch's statistics in training, by the running ones otherwise.</summary>
public abstract class BatchNorm : NormBase
{
    /// <summary>Makes the norm.</summary>
    public BatchNorm(long num_features, double eps, double momentum, bool affine, bool track_running_stats, Device? device, ScalarType? dtype, string name)
        : base(num_features, eps, momentum, affine, track_running_stats, device, dtype, name)
    {
    }

    /// <summary>Normalises <c>[batch, features, ...]</c>; the shape stays.</summary>
    public override Tensor forward(Tensor input)
    {
        ValidateInputDimensions(input);
        double share = momentum ?? 0;
        if (training && num_batches_tracked is not null)
        {
            using IDisposable mode = no_grad();
            num_batches_tracked.add_(1);
            share = momentum ?? (1.0 / num_batches_tracked.item<long>());
        }
        bool byBatch = training || running_mean is null;
        return nn.functional.batch_norm(input, running_mean, running_var, weight, bias, byBatch, share, eps);
    }
}
