using System.Collections.Concurrent;
using System.Runtime.InteropServices;
using TorchSharp.Interop;

namespace TorchSharp;

/// <summary>One use of a managed autograd function: found again by number when libtorch calls back.</summary>
/// <remarks>An exception in either half is kept and travels through libtorch as a token, out of the call that led to it.</remarks>
internal sealed unsafe class FunctionCall
{
    private static readonly ConcurrentDictionary<long, FunctionCall> Live = new();
    private static long s_last;

    private readonly torch.autograd.AutogradContext _context = new();
    private readonly Func<torch.autograd.AutogradContext, List<torch.Tensor>> _forward;
    private readonly Func<torch.autograd.AutogradContext, List<torch.Tensor>, List<torch.Tensor>> _backward;
    private readonly bool[] _isTensor;
    private readonly string _name;

    static FunctionCall() => NativeMethods.dt_set_callbacks(&Forward, &Backward, &Release);

    private FunctionCall(
        string name,
        bool[] isTensor,
        Func<torch.autograd.AutogradContext, List<torch.Tensor>> forward,
        Func<torch.autograd.AutogradContext, List<torch.Tensor>, List<torch.Tensor>> backward)
    {
        _name = name;
        _isTensor = isTensor;
        _forward = forward;
        _backward = backward;
    }

    internal static List<torch.Tensor> Run<T>(torch.autograd.Function<T> function, object[] vars)
        where T : torch.autograd.Function<T>, new()
    {
        ArgumentNullException.ThrowIfNull(vars);
        torch.Tensor[] inputs = [.. vars.OfType<torch.Tensor>()];

        // The arguments are needed by forward alone: holding them longer would hold their tensors as long as the graph.
        object[]? pending = vars;
        List<torch.Tensor> ForwardOnce(torch.autograd.AutogradContext context)
        {
            object[] given = pending!;
            pending = null;
            return function.RunForward(context, given);
        }

        var call = new FunctionCall(function.Name, Array.ConvertAll(vars, static argument => argument is torch.Tensor), ForwardOnce, function.RunBackward);
        long id = Interlocked.Increment(ref s_last);
        Live[id] = call;
        nint* outputs;
        int count;
        using var handles = new Handles(inputs);
        fixed (nint* array = handles.Array)
        {
            NativeErrors.Check(NativeMethods.dt_apply_function(id, array, handles.Count, &outputs, &count));
        }

        return [.. Operator.TakeList(outputs, count)];
    }

    [UnmanagedCallersOnly]
    private static long Forward(long state, nint context, nint outputs)
    {
        FunctionCall? call = null;
        try
        {
            call = Live[state];
            call._context.Enter(context);
            Push(outputs, call._forward(call._context));
            return 0;
        }
        catch (Exception exception)
        {
            return NativeErrors.Keep(exception);
        }
        finally
        {
            call?._context.Leave();
        }
    }

    [UnmanagedCallersOnly]
    private static long Backward(long state, nint context, nint* grads, int count, nint outputs)
    {
        FunctionCall? call = null;
        try
        {
            call = Live[state];
            call._context.Enter(context);
            using DisposeScope scope = torch.NewDisposeScope(); // libtorch holds what it is given: the scope of whoever called backward need not
            var gradients = new List<torch.Tensor>(count);
            for (int k = 0; k < count; k++)
            {
                gradients.Add(grads[k] == 0 ? null! : new torch.Tensor(grads[k]));
            }

            Push(outputs, call.OfTensors(call._backward(call._context, gradients)));
            return 0;
        }
        catch (Exception exception)
        {
            return NativeErrors.Keep(exception);
        }
        finally
        {
            call?._context.Leave();
        }
    }

    [UnmanagedCallersOnly]
    private static void Release(long state)
    {
        if (Live.TryRemove(state, out FunctionCall? call))
        {
            call._context.Dispose();
        }
    }

    // A backward answers for every argument, or for the tensors among them alone.
    private List<torch.Tensor> OfTensors(List<torch.Tensor> gradients)
    {
        int tensors = _isTensor.Count(static isTensor => isTensor);
        if (gradients.Count == _isTensor.Length && tensors != _isTensor.Length)
        {
            return [.. gradients.Where((_, k) => _isTensor[k])];
        }

        return gradients.Count == tensors ? gradients
            : throw new InvalidOperationException($"The backward of '{_name}' returned {gradients.Count} gradients, but its forward took {_isTensor.Length} arguments, {tensors} of them tensors; give one for each argument, null where there is none.");
    }

    private static void Push(nint outputs, List<torch.Tensor> tensors)
    {
        foreach (torch.Tensor? tensor in tensors)
        {
            NativeErrors.Check(NativeMethods.dt_list_push(outputs, tensor is null ? 0 : tensor.Handle));
            GC.KeepAlive(tensor);
        }
    }
}
