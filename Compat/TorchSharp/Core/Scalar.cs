using System.Numerics;
using TorchSharp.Interop;

namespace TorchSharp;

/// <summary>One number of any kind, as an operator's argument.</summary>
public sealed class Scalar : IDisposable
{
    private readonly long _integer;
    private readonly double _real;
    private readonly double _imaginary;

    private Scalar(torch.ScalarType type, long integer)
    {
        Type = type;
        _integer = integer;
    }

    private Scalar(torch.ScalarType type, double real, double imaginary = 0)
    {
        Type = type;
        _real = real;
        _imaginary = imaginary;
    }

    public torch.ScalarType Type { get; }

    internal Complex Complex => IsInteger ? new Complex(_integer, 0) : new Complex(_real, _imaginary);

    internal double Real => IsInteger ? _integer : _real;

    internal long Integer => IsInteger ? _integer : (long)_real;

    private bool IsInteger => torch.is_integral(Type);

    public static implicit operator Scalar(byte value) => new(torch.ScalarType.Byte, (long)value);

    public static implicit operator Scalar(sbyte value) => new(torch.ScalarType.Int8, (long)value);

    public static implicit operator Scalar(short value) => new(torch.ScalarType.Int16, (long)value);

    public static implicit operator Scalar(int value) => new(torch.ScalarType.Int32, (long)value);

    public static implicit operator Scalar(long value) => new(torch.ScalarType.Int64, value);

    public static implicit operator Scalar(Half value) => new(torch.ScalarType.Float16, (double)value);

    public static implicit operator Scalar(BFloat16 value) => new(torch.ScalarType.BFloat16, (double)value);

    public static implicit operator Scalar(float value) => new(torch.ScalarType.Float32, (double)value);

    public static implicit operator Scalar(double value) => new(torch.ScalarType.Float64, value);

    public static implicit operator Scalar((float, float) value) => new(torch.ScalarType.ComplexFloat32, value.Item1, value.Item2);

    public static implicit operator Scalar(Complex value) => new(torch.ScalarType.ComplexFloat64, value.Real, value.Imaginary);

    public static implicit operator Scalar(bool value) => new(torch.ScalarType.Bool, value ? 1L : 0L);

    public void Dispose()
    {
        // Nothing native stands behind it here; in the real package something does.
    }

    internal Arg ToArg() => Type == torch.ScalarType.Bool ? _integer != 0
        : IsInteger ? _integer
        : torch.is_complex(Type) ? Arg.Complex(_real, _imaginary)
        : _real;
}
