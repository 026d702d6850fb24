using System.Numerics;
using System.Runtime.InteropServices;
using TorchSharp.Interop;

namespace TorchSharp;

/// <summary>Makes tensors: from sizes, or from managed memory.</summary>
internal static unsafe class Factory
{
    internal static torch.Tensor Make(Operator op, long[] size, torch.ScalarType? dtype, torch.Device? device, bool requiresGrad, string[]? names = null)
    {
        RefuseNames(names);
        return Finish(op.Call(size, dtype ?? torch.get_default_dtype(), Arg.None, Place(device), Arg.None), requiresGrad);
    }

    internal static torch.Tensor Full(long[] size, Scalar value, torch.ScalarType? dtype, torch.Device? device, bool requiresGrad, string[]? names = null)
    {
        RefuseNames(names);
        return Finish(Ops.full.Call(size, value, dtype ?? torch.get_default_dtype(), Arg.None, Place(device), Arg.None), requiresGrad);
    }

    internal static torch.Tensor Chance(Operator op, Operator generated, long[] size, torch.ScalarType? dtype, torch.Device? device, bool requiresGrad, torch.Generator? generator, string[]? names = null)
    {
        RefuseNames(names);
        torch.ScalarType kind = dtype ?? torch.get_default_dtype();
        return Finish(generator is null ? op.Call(size, kind, Arg.None, Place(device), Arg.None)
            : generated.Call(size, generator, kind, Arg.None, Place(device), Arg.None), requiresGrad);
    }

    internal static torch.Tensor Integers(long low, long high, long[] size, torch.ScalarType? dtype, torch.Device? device, bool requiresGrad, torch.Generator? generator, string[]? names = null)
    {
        RefuseNames(names);
        torch.ScalarType kind = dtype ?? torch.ScalarType.Int64;
        return Finish(generator is null ? Ops.randint_low.Call(low, high, size, kind, Arg.None, Place(device), Arg.None)
            : Ops.randint_low_generator.Call(low, high, size, generator, kind, Arg.None, Place(device), Arg.None), requiresGrad);
    }

    internal static torch.Tensor Like(Operator op, torch.Tensor input, torch.ScalarType? dtype, torch.Device? device, bool requiresGrad, string[]? names = null)
    {
        RefuseNames(names);
        return Finish(op.Call(input, dtype, Arg.None, device, Arg.None), requiresGrad);
    }

    internal static torch.Tensor LikeFull(torch.Tensor input, Scalar value, torch.ScalarType? dtype, torch.Device? device, bool requiresGrad, string[]? names = null)
    {
        RefuseNames(names);
        return Finish(Ops.full_like.Call(input, value, dtype, Arg.None, device, Arg.None), requiresGrad);
    }

    /// <summary>A tensor with a copy of <paramref name="data"/>.</summary>
    internal static torch.Tensor FromSpan<T>(ReadOnlySpan<T> data, ReadOnlySpan<long> size, torch.ScalarType? dtype, torch.Device? device, bool requiresGrad, string[]? names = null)
        where T : unmanaged
    {
        RefuseNames(names);
        nint made;
        fixed (T* from = data)
        fixed (long* sizes = size)
        {
            NativeErrors.Check(NativeMethods.dt_copy_from(from, (long)data.Length * sizeof(T), sizes, size.Length, (int)KindOf(typeof(T)), &made));
        }

        return Place(new torch.Tensor(made), dtype, device, requiresGrad);
    }

    internal static torch.Tensor FromList<T>(IList<T> data, ReadOnlySpan<long> size, torch.ScalarType? dtype, torch.Device? device, bool requiresGrad, string[]? names = null)
        where T : unmanaged => FromSpan<T>(data as T[] ?? [.. data], size, dtype, device, requiresGrad, names);

    /// <summary>A tensor with a copy of an array of any rank and of any element type that torch has.</summary>
    internal static torch.Tensor FromArray(Array data, torch.ScalarType? dtype, torch.Device? device, bool requiresGrad, string[]? names = null)
    {
        RefuseNames(names);
        Type element = data.GetType().GetElementType()!;
        torch.ScalarType kind = KindOf(element);
        long[] size = SizeOf(data);
        nint made;
        var pin = GCHandle.Alloc(data, GCHandleType.Pinned);
        try
        {
            fixed (long* sizes = size)
            {
                NativeErrors.Check(NativeMethods.dt_copy_from((void*)pin.AddrOfPinnedObject(), data.LongLength * BytesOf(kind), sizes, size.Length, (int)kind, &made));
            }
        }
        finally
        {
            pin.Free();
        }

        return Place(new torch.Tensor(made), dtype, device, requiresGrad);
    }

    /// <summary>A tensor over the array's own memory, which stays pinned as long as the tensor is used.</summary>
    internal static torch.Tensor Over(Array data, torch.ScalarType kind, long[] size, long byteOffset)
    {
        var pin = GCHandle.Alloc(data, GCHandleType.Pinned);
        nint made;
        fixed (long* sizes = size)
        {
            int code = NativeMethods.dt_from_blob((byte*)pin.AddrOfPinnedObject() + byteOffset, sizes, size.Length, (int)kind, &Unpin, GCHandle.ToIntPtr(pin), &made);
            if (code < 0)
            {
                pin.Free();
                NativeErrors.Check(code);
            }
        }

        return new torch.Tensor(made);
    }

    internal static torch.Tensor Place(torch.Tensor made, torch.ScalarType? dtype, torch.Device? device, bool requiresGrad)
    {
        torch.ScalarType kind = dtype ?? made.dtype;
        torch.Device place = device ?? torch.get_default_device();
        if (kind != made.dtype || place.type != DeviceType.CPU)
        {
            torch.Tensor moved = made.to(kind, place);
            made.Dispose();
            made = moved;
        }

        return Finish(made, requiresGrad);
    }

    internal static torch.Tensor Finish(torch.Tensor made, bool requiresGrad) => requiresGrad ? made.requires_grad_() : made;

    internal static torch.Device Place(torch.Device? device) => device ?? torch.get_default_device();

    internal static long[] SizeOf(Array data)
    {
        var size = new long[data.Rank];
        for (int k = 0; k < size.Length; k++)
        {
            size[k] = data.GetLongLength(k);
        }

        return size;
    }

    internal static torch.ScalarType KindOf(Type element) =>
        element == typeof(float) ? torch.ScalarType.Float32
        : element == typeof(double) ? torch.ScalarType.Float64
        : element == typeof(long) ? torch.ScalarType.Int64
        : element == typeof(int) ? torch.ScalarType.Int32
        : element == typeof(bool) ? torch.ScalarType.Bool
        : element == typeof(byte) ? torch.ScalarType.Byte
        : element == typeof(sbyte) ? torch.ScalarType.Int8
        : element == typeof(short) ? torch.ScalarType.Int16
        : element == typeof(Half) ? torch.ScalarType.Float16
        : element == typeof(BFloat16) ? torch.ScalarType.BFloat16
        : element == typeof((float, float)) ? torch.ScalarType.ComplexFloat32
        : element == typeof(Complex) ? torch.ScalarType.ComplexFloat64
        : throw new NotSupportedException($"torch has no tensors of {element.Name}; use one of bool, byte, sbyte, short, int, long, Half, BFloat16, float, double, (float, float), Complex.");

    internal static long BytesOf(torch.ScalarType kind) => kind switch
    {
        torch.ScalarType.Byte or torch.ScalarType.Int8 or torch.ScalarType.Bool or torch.ScalarType.QInt8 or torch.ScalarType.QUInt8 => 1,
        torch.ScalarType.Int16 or torch.ScalarType.Float16 or torch.ScalarType.BFloat16 => 2,
        torch.ScalarType.Int32 or torch.ScalarType.Float32 or torch.ScalarType.QInt32 => 4,
        torch.ScalarType.ComplexFloat64 => 16,
        _ => 8,
    };

    internal static void RefuseNames(string[]? names)
    {
        if (names is { Length: > 0 })
        {
            throw new NotSupportedException("Named dimensions are not supported by this provider; leave 'names' out.");
        }
    }

    [UnmanagedCallersOnly]
    private static void Unpin(nint context) => GCHandle.FromIntPtr(context).Free();
}
