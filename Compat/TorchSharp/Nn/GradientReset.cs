using TorchSharp.Modules;

namespace TorchSharp;

/// <summary>Forgets gradients between steps.</summary>
internal static class GradientReset
{
    /// <summary>Drops a parameter's gradient, or fills it with zeros.</summary>
    internal static void Reset(Parameter parameter, bool setToNone)
    {
        using torch.Tensor? gradient = parameter.grad;
        if (gradient is null)
        {
            return;
        }
        if (setToNone)
        {
            parameter.grad = null;
            return;
        }
        using IDisposable mode = torch.no_grad();
        gradient.detach_();
        gradient.zero_();
    }
}
