using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;

namespace TorchSharp.Interop;

/// <summary>One libtorch operator, by its schema's name and overload. It is looked up at its first call and kept.</summary>
internal sealed unsafe class Operator(string name, string overload = "")
{
    private const int ScratchOnStack = 1024; // bytes: lists up to 128 numbers need no heap
    private nint _handle;
    private bool _missing;

    /// <summary>Gets whether this libtorch has the operator.</summary>
    internal bool Exists => _handle != 0 || (!_missing && Find());

    private nint Handle => _handle != 0 || Find() ? _handle : throw new NotSupportedException($"This libtorch has no operator 'aten::{name}{(overload.Length == 0 ? "" : "." + overload)}'.");

    /// <summary>Calls it for one tensor; an undefined result is an error.</summary>
    internal torch.Tensor Call(params ReadOnlySpan<Arg> args)
    {
        Value result;
        Invoke(args, &result, 1);
        return Take(result) ?? throw new ExternalException($"The operator '{name}' gave no tensor.");
    }

    internal torch.Tensor? CallOrNull(params ReadOnlySpan<Arg> args)
    {
        Value result;
        Invoke(args, &result, 1);
        return Take(result);
    }

    internal (torch.Tensor, torch.Tensor) Call2(params ReadOnlySpan<Arg> args)
    {
        Value* results = stackalloc Value[2];
        Invoke(args, results, 2);
        return (Take(results[0])!, Take(results[1])!);
    }

    internal (torch.Tensor, torch.Tensor, torch.Tensor) Call3(params ReadOnlySpan<Arg> args)
    {
        Value* results = stackalloc Value[3];
        Invoke(args, results, 3);
        return (Take(results[0])!, Take(results[1])!, Take(results[2])!);
    }

    internal torch.Tensor?[] CallMany(int count, params ReadOnlySpan<Arg> args)
    {
        Value* results = stackalloc Value[count];
        Invoke(args, results, count);
        var taken = new torch.Tensor?[count];
        for (int k = 0; k < count; k++)
        {
            taken[k] = Take(results[k]);
        }

        return taken;
    }

    internal torch.Tensor[] CallList(params ReadOnlySpan<Arg> args)
    {
        Value result;
        Invoke(args, &result, 1);
        return TakeList((nint*)result.Pointer, result.Length)!;
    }

    /// <summary>Calls it for its effect on <paramref name="self"/>, its first argument, and returns that.</summary>
    internal torch.Tensor InPlace(torch.Tensor self, params ReadOnlySpan<Arg> others)
    {
        Arg[]? large = others.Length > 7 ? new Arg[others.Length + 1] : null;
        Arguments8 small = default;
        Span<Arg> all = large ?? MemoryMarshal.CreateSpan(ref small[0], others.Length + 1);
        all[0] = self;
        others.CopyTo(all[1..]);
        Invoke(all, null, 0);
        return self;
    }

    internal void Run(params ReadOnlySpan<Arg> args) => Invoke(args, null, 0);

    internal bool CallBool(params ReadOnlySpan<Arg> args) => CallValue(args).Int != 0;

    internal long CallInt(params ReadOnlySpan<Arg> args) => CallValue(args).Int;

    internal double CallDouble(params ReadOnlySpan<Arg> args) => CallValue(args).Double;

    /// <summary>Calls it for a number of any kind; the caller frees a complex one.</summary>
    internal Value CallValue(params ReadOnlySpan<Arg> args)
    {
        Value result;
        Invoke(args, &result, 1);
        return result;
    }

    /// <summary>Tells whether the schema of this libtorch has an argument of that name.</summary>
    internal bool HasArgument(string argument)
    {
        fixed (byte* text = Encoding.UTF8.GetBytes(argument + "\0"))
        {
            return NativeErrors.Check(NativeMethods.dt_operator_has_argument(Handle, text)) != 0;
        }
    }

    internal static torch.Tensor[] TakeList(nint* handles, int count)
    {
        var tensors = new torch.Tensor[count];
        for (int k = 0; k < count; k++)
        {
            tensors[k] = handles[k] == 0 ? null! : new torch.Tensor(handles[k]);
        }

        NativeMethods.dt_free(handles);
        return tensors;
    }

    private static torch.Tensor? Take(in Value value) => value.Tag == ValueTag.Tensor ? new torch.Tensor((nint)value.Pointer) : null;

    private bool Find()
    {
        nint found;
        fixed (byte* fullName = Encoding.UTF8.GetBytes("aten::" + name + "\0"), overloadName = Encoding.UTF8.GetBytes(overload + "\0"))
        {
            NativeErrors.Check(NativeMethods.dt_find_operator(fullName, overloadName, &found));
        }

        _handle = found;
        _missing = found == 0;
        return found != 0;
    }

    private void Invoke(ReadOnlySpan<Arg> args, Value* results, int capacity)
    {
        Value* values = stackalloc Value[args.Length];
        int scratchBytes = 0;
        for (int k = 0; k < args.Length; k++)
        {
            ref readonly Arg arg = ref args[k];
            values[k].Tag = arg.Tag;
            if (arg.Tag == ValueTag.Tensor)
            {
                values[k].Int = Unsafe.As<torch.Tensor>(arg.Reference!).Handle;
            }
            else if (arg.Reference is null)
            {
                values[k].Int = arg.Bits;
            }
            else
            {
                scratchBytes += ScratchFor(arg);
            }
        }

        int code = scratchBytes == 0 ? NativeMethods.dt_call(Handle, values, args.Length, results, capacity)
            : InvokeWithLists(args, values, scratchBytes, results, capacity);
        if (code < 0)
        {
            NativeErrors.Check(code);
        }

        for (int k = 0; k < args.Length; k++)
        {
            GC.KeepAlive(args[k].Reference);
        }
    }

    private int InvokeWithLists(ReadOnlySpan<Arg> args, Value* values, int scratchBytes, Value* results, int capacity)
    {
        byte* heap = scratchBytes > ScratchOnStack ? (byte*)NativeMemory.Alloc((nuint)scratchBytes) : null;
        byte* stack = stackalloc byte[heap is null ? scratchBytes : 0];
        try
        {
            byte* scratch = heap is null ? stack : heap;
            for (int k = 0; k < args.Length; k++)
            {
                if (args[k].Reference is not null && args[k].Tag != ValueTag.Tensor)
                {
                    values[k].Length = Fill(args[k], ref values[k], scratch);
                    scratch += ScratchFor(args[k]);
                }
            }

            return NativeMethods.dt_call(Handle, values, args.Length, results, capacity);
        }
        finally
        {
            NativeMemory.Free(heap);
        }
    }

    // Eight bytes at least, so that a call with an empty list is told from one without lists.
    private static int ScratchFor(in Arg arg) => 8 + arg.Reference switch
    {
        long[] list => list.Length * sizeof(long),
        double[] list => list.Length * sizeof(double),
        torch.Tensor?[] list => list.Length * sizeof(nint),
        bool[] list => (list.Length + 7) & ~7,
        string text => (Encoding.UTF8.GetByteCount(text) + 7) & ~7,
        _ => 0,
    };

    private static int Fill(in Arg arg, ref Value value, byte* scratch)
    {
        value.Pointer = scratch;
        switch (arg.Reference)
        {
            case long[] list:
                list.CopyTo(new Span<long>(scratch, list.Length));
                return list.Length;
            case double[] list:
                list.CopyTo(new Span<double>(scratch, list.Length));
                return list.Length;
            case bool[] list:
                list.CopyTo(new Span<bool>(scratch, list.Length));
                return list.Length;
            case torch.Tensor?[] list:
                for (int k = 0; k < list.Length; k++)
                {
                    ((nint*)scratch)[k] = list[k] is { } tensor ? tensor.Handle : 0;
                }

                return list.Length;
            case string text:
                return Encoding.UTF8.GetBytes(text, new Span<byte>(scratch, Encoding.UTF8.GetByteCount(text)));
            case torch.Generator generator:
                value.Int = generator.Handle;
                return 0;
            default:
                throw new InvalidOperationException($"An argument of kind {arg.Tag} cannot be passed to libtorch.");
        }
    }

    [InlineArray(8)]
    private struct Arguments8
    {
        private Arg _first;
    }
}
