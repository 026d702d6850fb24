using TorchSharp.Interop;

namespace TorchSharp;

public static partial class torch
{
    public static unsafe partial class autograd
    {
        /// <summary>The gradients of the outputs with respect to the inputs; null where unused and allowed to be.</summary>
        public static IList<Tensor> grad(IList<Tensor> outputs, IList<Tensor> inputs, IList<Tensor>? grad_outputs = null, bool retain_graph = false, bool create_graph = false, bool allow_unused = false)
        {
            ArgumentNullException.ThrowIfNull(outputs);
            ArgumentNullException.ThrowIfNull(inputs);
            using var from = new Handles(outputs);
            using var to = new Handles(inputs);
            using var seeds = new Handles(grad_outputs);
            nint* found;
            fixed (nint* fromHandles = from.Array, toHandles = to.Array, seedHandles = seeds.Array)
            {
                NativeErrors.Check(NativeMethods.dt_autograd_grad(fromHandles, from.Count, toHandles, to.Count, seedHandles, seeds.Count,
                    retain_graph || create_graph ? 1 : 0, create_graph ? 1 : 0, allow_unused ? 1 : 0, &found));
            }

            return Operator.TakeList(found, to.Count);
        }

        public static void backward(IList<Tensor> tensors, IList<Tensor>? grad_tensors = null, bool? retain_graph = null, bool create_graph = false, IList<Tensor>? inputs = null)
        {
            ArgumentNullException.ThrowIfNull(tensors);
            using var from = new Handles(tensors);
            using var seeds = new Handles(grad_tensors);
            using var to = new Handles(inputs);
            fixed (nint* fromHandles = from.Array, seedHandles = seeds.Array, toHandles = to.Array)
            {
                NativeErrors.Check(NativeMethods.dt_backward(fromHandles, from.Count, seedHandles, seeds.Count,
                    retain_graph ?? create_graph ? 1 : 0, create_graph ? 1 : 0, toHandles, to.Count));
            }
        }

        public static void backward(Tensor tensor, IList<Tensor>? grad_tensors = null, bool? retain_graph = null, bool create_graph = false, IList<Tensor>? inputs = null) =>
            backward([tensor], grad_tensors, retain_graph, create_graph, inputs);

        public static void backward(Tensor tensor, Tensor grad_tensor, bool? retain_graph = null, bool create_graph = false, IList<Tensor>? inputs = null) =>
            backward([tensor], [grad_tensor], retain_graph, create_graph, inputs);

        public static AnomalyMode detect_anomaly(bool check_nan = true) => new(true, check_nan);

        public static AnomalyMode set_detect_anomaly(bool mode, bool check_nan = true) => new(mode, check_nan);
    }

    public partial class Tensor
    {
        public void backward() => autograd.backward([this]);

        public void backward(IList<Tensor>? grad_tensors = null, bool retain_graph = false, bool create_graph = false, IList<Tensor>? inputs = null) =>
            autograd.backward([this], grad_tensors, retain_graph, create_graph, inputs);
    }
}
