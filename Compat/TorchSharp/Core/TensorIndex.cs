using TorchSharp.Interop;

namespace TorchSharp;

public static partial class torch
{
    /// <summary>One part of an index: a number, a slice, an ellipsis, a new dimension, a boolean or a tensor.</summary>
    public struct TensorIndex
    {
        public static TensorIndex Colon = Slice();
        public static TensorIndex Ellipsis = new() { _kind = Kind.Ellipsis };
        public static TensorIndex None = new() { _kind = Kind.None };
        public static TensorIndex Null = new() { _kind = Kind.None };

        private Kind _kind;
        private long? _start;
        private long? _stop;
        private long? _step;
        private torch.Tensor? _tensor;

        internal enum Kind
        {
            None,
            Single,
            Slice,
            Ellipsis,
            Bool,
            Tensor,
        }

        internal readonly Kind Part => _kind;

        internal readonly long Number => _start.GetValueOrDefault();

        internal readonly torch.Tensor? Indices => _tensor;

        public static implicit operator TensorIndex(long value) => Single(value);

        public static implicit operator TensorIndex(Index index) => Single(index.IsFromEnd ? -index.Value : index.Value);

        public static implicit operator TensorIndex(Range range) => Slice(range);

        public static implicit operator TensorIndex((int? start, int? end) range) => Slice(range);

        public static implicit operator torch.Tensor(TensorIndex value) => value._tensor ?? throw new InvalidOperationException("This index is not a tensor.");

        public static TensorIndex Slice(long? start = null, long? stop = null, long? step = null) => new() { _kind = Kind.Slice, _start = start, _stop = stop, _step = step };

        public static TensorIndex Slice((int? start, int? end) range) => Slice(range.start, range.end);

        public static TensorIndex Slice(Range range) => Slice(
            range.Start.IsFromEnd ? -range.Start.Value : range.Start.Value,
            range.End.IsFromEnd ? (range.End.Value == 0 ? null : -range.End.Value) : range.End.Value);

        public static TensorIndex Bool(bool value) => new() { _kind = Kind.Bool, _start = value ? 1 : 0 };

        public static TensorIndex Single(long? index) => new() { _kind = Kind.Single, _start = index };

        public static TensorIndex Tensor(torch.Tensor tensor) => new() { _kind = Kind.Tensor, _tensor = tensor };

        internal readonly torch.Tensor Cut(torch.Tensor from, long dim) => Ops.slice_Tensor.Call(from, dim, _start, _stop, _step ?? 1L);
    }
}
