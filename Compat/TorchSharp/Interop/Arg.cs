namespace TorchSharp.Interop;

/// <summary>
/// One argument of an operator call on the managed side. It keeps the object that it was made from, so that nothing is
/// finalised while native code works on it.
/// </summary>
internal readonly struct Arg
{
    public readonly object? Reference;
    public readonly long Bits;
    public readonly ValueTag Tag;

    private Arg(ValueTag tag, object? reference, long bits = 0)
    {
        Tag = tag;
        Reference = reference;
        Bits = bits;
    }

    /// <summary>None, whatever the schema's default is.</summary>
    public static Arg None => default;

    /// <summary>The schema's own default.</summary>
    public static Arg Default => new(ValueTag.Default, null);

    public static implicit operator Arg(torch.Tensor? value) => value is null ? default : new(ValueTag.Tensor, value);

    public static implicit operator Arg(long value) => new(ValueTag.Int, null, value);

    public static implicit operator Arg(long? value) => value is long v ? new(ValueTag.Int, null, v) : default;

    public static implicit operator Arg(double value) => new(ValueTag.Double, null, BitConverter.DoubleToInt64Bits(value));

    public static implicit operator Arg(double? value) => value is double v ? v : default(Arg);

    public static implicit operator Arg(bool value) => new(ValueTag.Bool, null, value ? 1 : 0);

    public static implicit operator Arg(bool? value) => value is bool v ? v : default(Arg);

    public static implicit operator Arg(torch.ScalarType value) => new(ValueTag.Int, null, (long)value);

    public static implicit operator Arg(torch.ScalarType? value) => value is torch.ScalarType v ? v : default(Arg);

    public static implicit operator Arg(torch.Device? value) => value is null ? default : new(ValueTag.Device, null, value.Packed);

    public static implicit operator Arg(torch.Generator? value) => value is null ? default : new(ValueTag.Generator, value);

    public static implicit operator Arg(string? value) => value is null ? default : new(ValueTag.String, value);

    public static implicit operator Arg(long[]? value) => value is null ? default : new(ValueTag.IntList, value);

    public static implicit operator Arg(ReadOnlySpan<long> value) => new(ValueTag.IntList, value.ToArray());

    public static implicit operator Arg(double[]? value) => value is null ? default : new(ValueTag.DoubleList, value);

    public static implicit operator Arg(bool[]? value) => value is null ? default : new(ValueTag.BoolList, value);

    public static implicit operator Arg(torch.Tensor[] value) => new(ValueTag.TensorList, value);

    public static implicit operator Arg(Scalar? value) => value is null ? default : value.ToArg();

    /// <summary>A list in which null stands for None, as indexing wants it.</summary>
    public static Arg Optionals(torch.Tensor?[] value) => new(ValueTag.OptionalTensorList, value);

    public static Arg Complex(double real, double imaginary) => new(ValueTag.Complex, new[] { real, imaginary });

    /// <summary>The enum's number as libtorch's c10::MemoryFormat: 0 contiguous, 1 preserve.</summary>
    public static Arg MemoryFormat(int value) => new(ValueTag.Int, null, value);
}
