using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

[assembly: DisableRuntimeMarshalling]

namespace TorchSharp.Interop;

/// <summary>The shim's C ABI. Every argument is blittable, so a call costs no more than the transition.</summary>
/// <remarks>Without the transition only what reads a field and can neither block nor call back.</remarks>
internal static unsafe class NativeMethods
{
    private const string Library = NativeLoader.LibraryName;

    static NativeMethods() => NativeLoader.Initialize();

    [DllImport(Library)] internal static extern int dt_find_operator(byte* name, byte* overload, nint* found);
    [DllImport(Library)] internal static extern int dt_operator_has_argument(nint op, byte* name);
    [DllImport(Library)] internal static extern int dt_call(nint op, Value* args, int count, Value* results, int capacity);
    [DllImport(Library)] internal static extern void dt_free(void* memory);

    [DllImport(Library)] internal static extern byte* dt_last_error();
    [DllImport(Library)] internal static extern long dt_last_token();
    [DllImport(Library)] internal static extern byte* dt_version();

    [DllImport(Library)] internal static extern void dt_release(nint tensor);
    [DllImport(Library), SuppressGCTransition] internal static extern void dt_retain(nint tensor);
    [DllImport(Library), SuppressGCTransition] internal static extern long* dt_sizes(nint tensor, long* dim);
    [DllImport(Library), SuppressGCTransition] internal static extern long* dt_strides(nint tensor, long* dim);
    [DllImport(Library), SuppressGCTransition] internal static extern long dt_numel(nint tensor);
    [DllImport(Library), SuppressGCTransition] internal static extern long dt_storage_offset(nint tensor);
    [DllImport(Library), SuppressGCTransition] internal static extern int dt_dtype(nint tensor);
    [DllImport(Library), SuppressGCTransition] internal static extern long dt_itemsize(nint tensor);
    [DllImport(Library), SuppressGCTransition] internal static extern int dt_device(nint tensor);
    [DllImport(Library)] internal static extern int dt_flags(nint tensor);
    [DllImport(Library)] internal static extern int dt_data(nint tensor, void** data);
    [DllImport(Library)] internal static extern int dt_requires_grad(nint tensor, int value);
    [DllImport(Library)] internal static extern int dt_retain_grad(nint tensor);
    [DllImport(Library)] internal static extern int dt_grad(nint tensor, nint* grad);
    [DllImport(Library)] internal static extern int dt_set_grad(nint tensor, nint grad);
    [DllImport(Library)] internal static extern int dt_set_data(nint tensor, nint data);
    [DllImport(Library)] internal static extern int dt_from_blob(void* data, long* sizes, int dim, int dtype, delegate* unmanaged<nint, void> deleter, nint context, nint* made);
    [DllImport(Library)] internal static extern int dt_copy_from(void* data, long bytes, long* sizes, int dim, int dtype, nint* made);

    [DllImport(Library), SuppressGCTransition] internal static extern int dt_grad_enabled();
    [DllImport(Library), SuppressGCTransition] internal static extern void dt_set_grad_enabled(int enabled);
    [DllImport(Library), SuppressGCTransition] internal static extern int dt_inference_enabled();
    [DllImport(Library)] internal static extern int dt_inference_begin(int enabled, nint* guard);
    [DllImport(Library)] internal static extern void dt_inference_end(nint guard);
    [DllImport(Library)] internal static extern int dt_set_num_threads(int threads);
    [DllImport(Library)] internal static extern int dt_get_num_threads();
    [DllImport(Library)] internal static extern int dt_set_num_interop_threads(int threads);
    [DllImport(Library)] internal static extern int dt_get_num_interop_threads();
    [DllImport(Library)] internal static extern int dt_cuda_device_count();
    [DllImport(Library)] internal static extern int dt_cudnn_is_available();
    [DllImport(Library)] internal static extern int dt_cuda_synchronize(long device);
    [DllImport(Library)] internal static extern int dt_cuda_manual_seed(long seed, int all);

    [DllImport(Library)] internal static extern int dt_manual_seed(long seed);
    [DllImport(Library)] internal static extern int dt_default_generator(nint* made);
    [DllImport(Library)] internal static extern int dt_new_generator(ulong seed, nint* made);
    [DllImport(Library)] internal static extern void dt_generator_release(nint generator);
    [DllImport(Library)] internal static extern int dt_generator_seed(nint generator, long seed);
    [DllImport(Library)] internal static extern int dt_generator_current_seed(nint generator, int fresh, long* seed);
    [DllImport(Library)] internal static extern int dt_generator_get_state(nint generator, nint* state);
    [DllImport(Library)] internal static extern int dt_generator_set_state(nint generator, nint state);

    [DllImport(Library)] internal static extern int dt_backward(nint* tensors, int count, nint* grads, int gradCount, int retain, int create, nint* inputs, int inputCount);
    [DllImport(Library)] internal static extern int dt_autograd_grad(nint* outputs, int count, nint* inputs, int inputCount, nint* grads, int gradCount, int retain, int create, int unused, nint** found);
    [DllImport(Library)] internal static extern void dt_set_callbacks(delegate* unmanaged<long, nint, nint, long> forward, delegate* unmanaged<long, nint, nint*, int, nint, long> backward, delegate* unmanaged<long, void> release);
    [DllImport(Library)] internal static extern int dt_apply_function(long state, nint* inputs, int count, nint** outputs, int* outputCount);
    [DllImport(Library)] internal static extern int dt_list_push(nint list, nint tensor);
    [DllImport(Library)] internal static extern int dt_context_save(nint context, nint* tensors, int count);
    [DllImport(Library)] internal static extern int dt_context_saved(nint context, nint** tensors, int* count);
    [DllImport(Library)] internal static extern int dt_context_mark_dirty(nint context, nint* tensors, int count);
    [DllImport(Library)] internal static extern int dt_context_mark_non_differentiable(nint context, nint* tensors, int count);
    [DllImport(Library)] internal static extern int dt_context_materialize(nint context, int value);
    [DllImport(Library)] internal static extern int dt_anomaly_enabled();
    [DllImport(Library)] internal static extern int dt_anomaly_check_nan();
    [DllImport(Library)] internal static extern void dt_set_anomaly(int enabled, int checkNan);
}
