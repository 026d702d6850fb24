using TorchSharp;
using static TorchSharp.torch;

namespace DeltaTune.Host.Training;

/// <summary>Keeps the gradient's Euclidean norm below a limit (Pascanu et al. 2013, arXiv:1211.5063, algorithm 1).</summary>
internal static class GradientClip
{
    /// <summary>Scales the gradients down where their norm is above the limit.</summary>
    /// <param name="parameters">Whose gradients.</param>
    /// <param name="limit">The largest norm; 0 clips nothing.</param>
    /// <returns>The norm before, not finite where a gradient is not.</returns>
    public static double Apply(FlatParameters parameters, double limit)
    {
        using IDisposable off = no_grad();
        using DisposeScope scope = NewDisposeScope();
        double norm = parameters.Gradients.norm().to(ScalarType.Float64).item<double>();
        if (limit > 0 && double.IsFinite(norm))
        {
            double factor = limit / (norm + 1e-6); // PyTorch's guard against a norm of 0
            if (factor < 1)
            {
                parameters.Gradients.mul_(factor);
            }
        }

        return norm;
    }
}
