using System.Numerics;

namespace TorchSharp;

public static partial class TensorExtensionMethods
{
    public static int ElementSize(this torch.ScalarType type) => (int)Factory.BytesOf(type);

    public static long TotalSize(this IEnumerable<long> shape) => shape.Aggregate(1L, static (product, side) => product * side);

    public static torch.Tensor ToTensor<T>(this T scalar, torch.Device? device = null, bool requires_grad = false)
        where T : struct => Factory.FromArray(new[] { scalar }, null, device, false).reshape([]).with_requires_grad(requires_grad);

    public static float ToSingle(this torch.Tensor value) => (float)Number(value);

    public static double ToDouble(this torch.Tensor value) => Number(value);

    public static Half ToHalf(this torch.Tensor value) => (Half)Number(value);

    public static BFloat16 ToBFloat16(this torch.Tensor value) => (BFloat16)Number(value);

    public static long ToInt64(this torch.Tensor value) => value.ToScalar().ToInt64();

    public static int ToInt32(this torch.Tensor value) => checked((int)value.ToScalar().ToInt64());

    public static short ToInt16(this torch.Tensor value) => checked((short)value.ToScalar().ToInt64());

    public static byte ToByte(this torch.Tensor value) => checked((byte)value.ToScalar().ToInt64());

    public static sbyte ToSByte(this torch.Tensor value) => checked((sbyte)value.ToScalar().ToInt64());

    public static bool ToBoolean(this torch.Tensor value) => value.ToScalar().ToBoolean();

    public static (float Real, float Imaginary) ToComplexFloat32(this torch.Tensor value) => value.ToScalar().ToComplexFloat32();

    public static Complex ToComplexFloat64(this torch.Tensor value) => value.ToScalar().ToComplexFloat64();

    private static double Number(torch.Tensor value) => value.ToScalar().ToDouble();
}
