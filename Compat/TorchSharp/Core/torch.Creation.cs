using TorchSharp.Interop;

namespace TorchSharp;

public static partial class torch
{
    public static Tensor arange(Scalar stop, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) => arange(0, stop, 1, dtype, device, requires_grad);

    public static Tensor arange(Scalar start, Scalar stop, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) => arange(start, stop, 1, dtype, device, requires_grad);

    public static Tensor arange(Scalar start, Scalar stop, Scalar step, ScalarType? dtype = null, Device? device = null, bool requires_grad = false)
    {
        ScalarType kind = dtype ?? (is_integral(start.Type) && is_integral(stop.Type) && is_integral(step.Type) ? ScalarType.Int64 : get_default_dtype());
        return Factory.Finish(Ops.arange_start_step.Call(start, stop, step, kind, Arg.None, Factory.Place(device), Arg.None), requires_grad);
    }

    public static Tensor linspace(double start, double end, long steps, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) =>
        Factory.Finish(Ops.linspace.Call(start, end, steps, dtype ?? get_default_dtype(), Arg.None, Factory.Place(device), Arg.None), requires_grad);

    public static Tensor logspace(double start, double end, long steps, double @base = 10, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) =>
        Factory.Finish(Ops.logspace.Call(start, end, steps, @base, dtype ?? get_default_dtype(), Arg.None, Factory.Place(device), Arg.None), requires_grad);

    public static Tensor eye(long rows, long columns = -1, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, string[]? names = null)
    {
        Factory.RefuseNames(names);
        return Factory.Finish(Ops.eye_m.Call(rows, columns < 0 ? rows : columns, dtype ?? get_default_dtype(), Arg.None, Factory.Place(device), Arg.None), requires_grad);
    }

    public static Tensor randperm(long n, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, Generator? generator = null)
    {
        ScalarType kind = dtype ?? ScalarType.Int64;
        return Factory.Finish(generator is null ? Ops.randperm.Call(n, kind, Arg.None, Factory.Place(device), Arg.None)
            : Ops.randperm_generator.Call(n, generator, kind, Arg.None, Factory.Place(device), Arg.None), requires_grad);
    }

    public static Tensor normal(double mean, double std, ReadOnlySpan<long> size, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, Generator? generator = null, string[]? names = null) =>
        Factory.Finish(empty(size, dtype, device, false, names).normal_(mean, std, generator), requires_grad);

    public static Tensor normal(Tensor mean, Tensor std, Generator? generator = null) => Ops.normal_Tensor_Tensor.Call(mean, std, generator);

    public static Tensor bernoulli(Tensor input, Generator? generator = null) => input.bernoulli(generator);

    public static Tensor empty_strided(long[] size, long[] strides, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, string[]? names = null)
    {
        Factory.RefuseNames(names);
        return Factory.Finish(Ops.empty_strided.Call(size, strides, dtype ?? get_default_dtype(), Arg.None, Factory.Place(device), Arg.None), requires_grad);
    }

    public static Tensor sparse_coo_tensor(Tensor indices, Tensor values, long[] size, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, string[]? names = null)
    {
        Factory.RefuseNames(names);
        return Factory.Finish(Ops.sparse_coo_tensor_indices_size.Call(indices, values, size, dtype ?? values.dtype, Arg.None, device ?? values.device, Arg.None), requires_grad);
    }

    public static Tensor complex(Tensor real, Tensor imag) => Ops.complex.Call(real, imag);

    public static Tensor polar(Tensor abs, Tensor angle) => Ops.polar.Call(abs, angle);

    public static Tensor tril_indices(long row, long col, long offset = 0, ScalarType dtype = ScalarType.Int64, Device? device = null) =>
        Ops.tril_indices.Call(row, col, offset, dtype, Arg.None, Factory.Place(device), Arg.None);

    public static Tensor triu_indices(long row, long col, long offset = 0, ScalarType dtype = ScalarType.Int64, Device? device = null) =>
        Ops.triu_indices.Call(row, col, offset, dtype, Arg.None, Factory.Place(device), Arg.None);

    public static Tensor from_array(Array rawArray, Device? device = null) => Factory.FromArray(rawArray, null, device, false);

    public static Tensor from_array(Array rawArray, ScalarType? dtype, Device? device = null, bool requires_grad = false, string[]? names = null) =>
        Factory.FromArray(rawArray, dtype, device, requires_grad, names);

    /// <summary>A tensor [count] over the array's own memory: writing to one writes to the other.</summary>
    public static Tensor frombuffer(Array rawArray, ScalarType dtype, long count = -1, long offset = 0, bool requires_grad = false)
    {
        ArgumentNullException.ThrowIfNull(rawArray);
        long bytes = rawArray.LongLength * Factory.BytesOf(Factory.KindOf(rawArray.GetType().GetElementType()!));
        long width = Factory.BytesOf(dtype);
        long fitting = (bytes - offset) / width;
        if (offset < 0 || offset > bytes || count > fitting || (count < 0 && (bytes - offset) % width != 0))
        {
            throw new ArgumentException($"A buffer of {bytes} bytes read from byte {offset} holds {Math.Max(fitting, 0)} whole elements of {dtype} ({width} bytes), which does not fit a count of {count}.", nameof(count));
        }

        return Factory.Finish(Factory.Over(rawArray, dtype, [count < 0 ? fitting : count], offset), requires_grad);
    }

    public static Tensor as_tensor(Tensor data, ScalarType? dtype = null, Device? device = null) =>
        data.to(dtype ?? data.dtype, device ?? data.device);

    /// <summary>Shares the array's memory where neither type nor device differ; copies otherwise.</summary>
    public static Tensor as_tensor(Array data, ScalarType? dtype = null, Device? device = null)
    {
        ScalarType kind = Factory.KindOf(data.GetType().GetElementType()!);
        return (dtype ?? kind) == kind && Factory.Place(device).type == DeviceType.CPU
            ? Factory.Over(data, kind, Factory.SizeOf(data), 0)
            : Factory.FromArray(data, dtype, device, false);
    }
}
