using TorchSharp.Interop;

namespace TorchSharp;

public static partial class torch
{
    public partial class Tensor
    {
        public Tensor this[params TensorIndex[] indices]
        {
            get => Indexing.Get(this, indices);
            set => Indexing.Put(this, indices, value, false);
        }

        public Tensor this[params Tensor[] indices]
        {
            get => Indexing.Get(this, Indexing.Parts(indices));
            set => Indexing.Put(this, Indexing.Parts(indices), value, false);
        }

        public Tensor this[params long[] indices]
        {
            get => Indexing.Get(this, Numbers(indices));
            set => Indexing.Put(this, Numbers(indices), value, false);
        }

        public Tensor this[long i1]
        {
            get => Ops.select_int.Call(this, 0L, i1);
            set => Indexing.Put(this, [i1], value, false);
        }

        public Tensor this[long i1, long i2]
        {
            get => Indexing.Get(this, [i1, i2]);
            set => Indexing.Put(this, [i1, i2], value, false);
        }

        public Tensor this[long i1, long i2, long i3]
        {
            get => Indexing.Get(this, [i1, i2, i3]);
            set => Indexing.Put(this, [i1, i2, i3], value, false);
        }

        public Tensor this[long i1, long i2, long i3, long i4]
        {
            get => Indexing.Get(this, [i1, i2, i3, i4]);
            set => Indexing.Put(this, [i1, i2, i3, i4], value, false);
        }

        public Tensor this[long i1, long i2, long i3, long i4, long i5]
        {
            get => Indexing.Get(this, [i1, i2, i3, i4, i5]);
            set => Indexing.Put(this, [i1, i2, i3, i4, i5], value, false);
        }

        public Tensor this[long i1, long i2, long i3, long i4, long i5, long i6]
        {
            get => Indexing.Get(this, [i1, i2, i3, i4, i5, i6]);
            set => Indexing.Put(this, [i1, i2, i3, i4, i5, i6], value, false);
        }

        public Tensor index(params TensorIndex[] indices) => Indexing.Get(this, indices);

        public Tensor index(params Tensor[] indices) => Indexing.Get(this, Indexing.Parts(indices));

        public Tensor index_put_(Tensor value, params TensorIndex[] indices) => Put(value, indices, false);

        public Tensor index_put_(Tensor value, params Tensor[] indices) => Put(value, Indexing.Parts(indices), false);

        public Tensor index_put_(Tensor value, TensorIndex[] indices, bool accumulate = false) => Put(value, indices, accumulate);

        public Tensor index_put_(Tensor value, Tensor[] indices, bool accumulate = false) => Put(value, Indexing.Parts(indices), accumulate);

        public Tensor index_put_(Scalar value, params TensorIndex[] indices) => PutScalar(value, indices);

        public Tensor index_put_(Scalar value, params Tensor[] indices) => PutScalar(value, Indexing.Parts(indices));

        public Tensor scatter_(long dim, Tensor index, Tensor src) => Ops.scatter__src.InPlace(this, dim, index, src);

        public Tensor where(Tensor condition, Tensor y) => Ops.where_self.Call(condition, this, y);

        public IList<Tensor> nonzero_as_list() => Ops.nonzero_numpy.CallList(this);

        private Tensor Put(Tensor value, TensorIndex[] parts, bool accumulate)
        {
            Indexing.Put(this, parts, value, accumulate);
            return this;
        }

        private Tensor PutScalar(Scalar value, TensorIndex[] parts)
        {
            using Tensor filler = Ops.scalar_tensor.Call(value, dtype, Arg.None, device);
            return Put(filler, parts, false);
        }

        private static TensorIndex[] Numbers(long[] indices) => Array.ConvertAll(indices, static index => TensorIndex.Single(index));
    }
}
