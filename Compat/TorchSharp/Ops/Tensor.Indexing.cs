using TorchSharp.Interop;

namespace TorchSharp;

public static partial class torch
{
    public partial class Tensor
    {
        public Tensor argsort(long dim = -1, bool descending = false) => Ops.argsort.Call(this, dim, descending);

        public Tensor argwhere() => Ops.argwhere.Call(this);

        public Tensor bincount(Tensor? weights, long minlength = 0) => Ops.bincount.Call(this, weights, minlength);

        public Tensor bucketize(Tensor boundaries, bool outInt32 = false, bool right = false) => Ops.bucketize_Tensor.Call(this, boundaries, outInt32, right);

        public Tensor gather(long dim, Tensor index) => Ops.gather.Call(this, dim, index);

        public Tensor histc(long bins = 100, long min = 0, long max = 0) => Ops.histc.Call(this, bins, min, max);

        public Tensor index_add(long dim, Tensor index, Tensor source, Scalar alpha) => Ops.index_add.Call(this, dim, index, source, alpha);

        public Tensor index_add_(long dim, Tensor index, Tensor source, Scalar alpha) => Ops.index_add_.InPlace(this, dim, index, source, alpha);

        public Tensor index_copy(long dim, Tensor index, Tensor source) => Ops.index_copy.Call(this, dim, index, source);

        public Tensor index_copy_(long dim, Tensor index, Tensor source) => Ops.index_copy_.InPlace(this, dim, index, source);

        public Tensor index_fill(long dim, Tensor index, Scalar value) => Ops.index_fill_int_Scalar.Call(this, dim, index, value);

        public Tensor index_fill_(long dim, Tensor index, Scalar value) => Ops.index_fill__int_Scalar.InPlace(this, dim, index, value);

        public Tensor index_select(long dim, Tensor index) => Ops.index_select.Call(this, dim, index);

        public Tensor masked_fill(Tensor mask, Scalar value) => Ops.masked_fill_Scalar.Call(this, mask, value);

        public Tensor masked_fill_(Tensor mask, Scalar value) => Ops.masked_fill__Scalar.InPlace(this, mask, value);

        public Tensor masked_scatter(Tensor mask, Tensor value) => Ops.masked_scatter.Call(this, mask, value);

        public Tensor masked_scatter_(Tensor mask, Tensor value) => Ops.masked_scatter_.InPlace(this, mask, value);

        public Tensor masked_select(Tensor mask) => Ops.masked_select.Call(this, mask);

        public Tensor msort() => Ops.msort.Call(this);

        public Tensor nonzero() => Ops.nonzero.Call(this);

        public Tensor scatter(long dim, Tensor index, Tensor src) => Ops.scatter_src.Call(this, dim, index, src);

        public Tensor scatter_add(long dim, Tensor index, Tensor src) => Ops.scatter_add.Call(this, dim, index, src);

        public Tensor scatter_add_(long dim, Tensor index, Tensor src) => Ops.scatter_add_.InPlace(this, dim, index, src);

        public Tensor select_scatter(Tensor src, long dim, long index) => Ops.select_scatter.Call(this, src, dim, index);

        public Tensor take(Tensor index) => Ops.take.Call(this, index);

        public Tensor take_along_dim(Tensor indices) => Ops.take_along_dim.Call(this, indices);

        public Tensor take_along_dim(Tensor indices, long dim) => Ops.take_along_dim.Call(this, indices, dim);

        public (Tensor values, Tensor indexes) topk(int k, int dim = -1, bool largest = true, bool sorted = true) => Ops.topk.Call2(this, k, dim, largest, sorted);
    }
}
