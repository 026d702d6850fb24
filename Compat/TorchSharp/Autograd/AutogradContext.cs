using TorchSharp.Interop;

namespace TorchSharp;

public static partial class torch
{
    public static partial class autograd
    {
        /// <summary>What a function's forward leaves for its backward. It lives as long as the graph's node.</summary>
        public unsafe class AutogradContext : IDisposable
        {
            private readonly Dictionary<string, object> _data = [];
            private nint _handle;

            internal AutogradContext()
            {
            }

            public bool MaterializeGrads { get; private set; } = true;

            public void save_for_backward(List<Tensor> tensors)
            {
                using var handles = new Handles(tensors);
                fixed (nint* array = handles.Array)
                {
                    NativeErrors.Check(NativeMethods.dt_context_save(Handle, array, handles.Count));
                }
            }

            public List<Tensor> get_saved_variables()
            {
                nint* saved;
                int count;
                NativeErrors.Check(NativeMethods.dt_context_saved(Handle, &saved, &count));
                return [.. Operator.TakeList(saved, count)];
            }

            public void mark_dirty(List<Tensor> tensors)
            {
                using var handles = new Handles(tensors);
                fixed (nint* array = handles.Array)
                {
                    NativeErrors.Check(NativeMethods.dt_context_mark_dirty(Handle, array, handles.Count));
                }
            }

            public void mark_non_differentiable(List<Tensor> tensors)
            {
                using var handles = new Handles(tensors);
                fixed (nint* array = handles.Array)
                {
                    NativeErrors.Check(NativeMethods.dt_context_mark_non_differentiable(Handle, array, handles.Count));
                }
            }

            public void set_materialize_grads(bool value)
            {
                NativeErrors.Check(NativeMethods.dt_context_materialize(Handle, value ? 1 : 0));
                MaterializeGrads = value;
            }

            public void save_data(string key, object value) => _data[key] = value;

            public object get_data(string key) => _data[key];

            public void Dispose()
            {
                Dispose(true);
                GC.SuppressFinalize(this);
            }

            protected virtual void Dispose(bool disposing) => _data.Clear();

            // The native context belongs to the node, which is alive while one of the two halves runs, and only then.
            internal void Enter(nint handle) => _handle = handle;

            internal void Leave() => _handle = 0;

            private nint Handle => _handle != 0 ? _handle : throw new InvalidOperationException("An autograd context can be used only inside the forward and backward that it was given to.");
        }
    }
}
