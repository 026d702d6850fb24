using TorchSharp.Interop;
using static TorchSharp.torch;

namespace TorchSharp;

/// <summary>Gives a tensor object new memory.</summary>
internal static class TensorRelocation
{
    /// <summary>Moves a parameter or buffer, and its gradient, to an element type (floating-point tensors alone) and a device.</summary>
    internal static void Move(Tensor tensor, ScalarType? dtype, Device? device, bool nonBlocking)
    {
        ScalarType target = dtype is { } wanted && IsFloating(tensor.dtype) && IsFloating(wanted) ? wanted : tensor.dtype;
        Device place = device ?? tensor.device;
        using DisposeScope scope = NewDisposeScope();
        Tensor? gradient = tensor.grad;
        tensor.grad = null;
        Replace(tensor, tensor.to(target, place, non_blocking: nonBlocking));
        if (gradient is not null)
        {
            tensor.grad = gradient.to(target, place, non_blocking: nonBlocking);
        }
    }

    private static unsafe void Replace(Tensor tensor, Tensor moved)
    {
        if (!ReferenceEquals(tensor, moved))
        {
            NativeErrors.Check(NativeMethods.dt_set_data(tensor.Handle, moved.Handle));
            GC.KeepAlive(tensor);
            GC.KeepAlive(moved);
        }
    }

    private static bool IsFloating(ScalarType type) => type is ScalarType.Float16 or ScalarType.BFloat16 or ScalarType.Float32 or ScalarType.Float64;
}
