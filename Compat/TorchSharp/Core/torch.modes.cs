using TorchSharp.Interop;

namespace TorchSharp;

public static partial class torch
{
    public static IDisposable no_grad() => new GradMode(false);

    public static IDisposable enable_grad(bool enabled = true) => new GradMode(enabled);

    public static IDisposable set_grad_enabled(bool mode = true) => new GradMode(mode);

    public static bool is_grad_enabled() => NativeMethods.dt_grad_enabled() != 0;

    public static IDisposable inference_mode(bool mode = true) => new InferenceMode(mode);

    public static bool is_inference_mode_enabled() => NativeMethods.dt_inference_enabled() != 0;

    // Both modes are the thread's; they end on the thread that began them.
    private sealed class GradMode : IDisposable
    {
        private readonly int _before = NativeMethods.dt_grad_enabled();
        private bool _ended;

        internal GradMode(bool enabled) => NativeMethods.dt_set_grad_enabled(enabled ? 1 : 0);

        public void Dispose()
        {
            if (!_ended)
            {
                _ended = true;
                NativeMethods.dt_set_grad_enabled(_before);
            }
        }
    }

    private sealed unsafe class InferenceMode : IDisposable
    {
        private nint _guard;

        internal InferenceMode(bool enabled)
        {
            nint guard;
            NativeErrors.Check(NativeMethods.dt_inference_begin(enabled ? 1 : 0, &guard));
            _guard = guard;
        }

        public void Dispose()
        {
            if (_guard != 0)
            {
                NativeMethods.dt_inference_end(_guard);
                _guard = 0;
            }
        }
    }
}
