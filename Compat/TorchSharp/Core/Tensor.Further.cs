using TorchSharp.Interop;

namespace TorchSharp;

public static partial class torch
{
    public partial class Tensor
    {
        // Without decimals the plain operator: it takes integers too.
        public Tensor round(long decimals = 0) => decimals == 0 ? Ops.round.Call(this) : Ops.round_decimals.Call(this, decimals);

        public Tensor round_(long decimals = 0) => decimals == 0 ? Ops.round_.InPlace(this) : Ops.round__decimals.InPlace(this, decimals);

        public Tensor count_nonzero(long[]? dims = null) => dims is null ? Ops.count_nonzero.Call(this) : Ops.count_nonzero_dim_IntList.Call(this, dims);

        public Tensor pinverse(double rcond = 1E-15, bool hermitian = false) => Ops.linalg_pinv.Call(this, rcond, hermitian);

        public Tensor polygamma(long p) => Ops.polygamma.Call(p, this);

        public Tensor random_(double from, double to, Generator? generator = null) => Ops.random__from.InPlace(this, (long)from, (long)to, generator);

        public Tensor arctan(Tensor other) => Ops.atan2.Call(this, other);

        public Tensor arctan_(Tensor other) => Ops.atan2_.InPlace(this, other);

        public Tensor slice_scatter(Tensor src, long dim = 0, long? start = null, long? end = null, long step = 1) => Ops.slice_scatter.Call(this, src, dim, start, end, step);

        public Tensor take_along_dim(IEnumerable<long> indices) => take_along_dim(tensor(Lists.Of(indices), device: device));

        public Tensor take_along_dim(IEnumerable<long> indices, long dim) => take_along_dim(tensor(Lists.Of(indices), device: device), dim);

        public Tensor tensordot(Tensor b, (long, long)[] dims) =>
            tensordot(b, Array.ConvertAll(dims, static pair => pair.Item1), Array.ConvertAll(dims, static pair => pair.Item2));

        /// <summary>Contracts the last <paramref name="dims"/> of this with the first of <paramref name="b"/>.</summary>
        public Tensor tensordot(Tensor b, long dims = 2)
        {
            var last = new long[dims];
            var first = new long[dims];
            for (long k = 0; k < dims; k++)
            {
                last[k] = ndim - dims + k;
                first[k] = k;
            }

            return tensordot(b, last, first);
        }
    }

    public static Tensor chain_matmul(params Tensor[] matrices) => Ops.chain_matmul.Call(matrices);

    public static ScalarType promote_types(ScalarType type1, ScalarType type2) => (ScalarType)Ops.promote_types.CallInt(type1, type2);

    public static bool can_cast(ScalarType from, ScalarType to) => Ops.can_cast.CallBool(from, to);

    public static ScalarType result_type(Tensor tensor1, Tensor tensor2) => (ScalarType)Ops.result_type_Tensor.CallInt(tensor1, tensor2);

    public static Tensor cdist(Tensor x1, Tensor x2, double p = 2, compute_mode compute_mode = compute_mode.use_mm_for_euclid_dist_if_necessary) =>
        Ops.cdist.Call(x1, x2, p, (long)compute_mode);

    public static (Tensor res, Tensor logabsdet) slogdet(Tensor A) => Ops.slogdet.Call2(A);

    public static FInfo finfo() => finfo(get_default_dtype());

    public static FInfo finfo(ScalarType dtype) => FInfo.Of(dtype);

    /// <summary>The limits of a floating-point type.</summary>
    public struct FInfo
    {
        public int bits;
        public double eps;
        public double max;
        public double min;
        public double tiny;
        public double smallest_normal;
        public double resolution;

        internal static FInfo Of(ScalarType dtype) => dtype switch
        {
            ScalarType.Float32 or ScalarType.ComplexFloat32 => New(32, 1.1920928955078125e-07, float.MaxValue, 1.1754943508222875e-38, 1e-6),
            ScalarType.Float64 or ScalarType.ComplexFloat64 => New(64, 2.220446049250313e-16, double.MaxValue, 2.2250738585072014e-308, 1e-15),
            ScalarType.Float16 => New(16, 0.0009765625, 65504, 6.103515625e-05, 1e-3),
            ScalarType.BFloat16 => New(16, 0.0078125, (double)BFloat16.MaxValue, 1.1754943508222875e-38, 1e-2),
            _ => throw new ArgumentException($"{dtype} is not a floating-point type.", nameof(dtype)),
        };

        private static FInfo New(int bits, double eps, double max, double tiny, double resolution) =>
            new() { bits = bits, eps = eps, max = max, min = -max, tiny = tiny, smallest_normal = tiny, resolution = resolution };
    }
}
