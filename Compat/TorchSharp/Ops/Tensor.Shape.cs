using TorchSharp.Interop;

namespace TorchSharp;

public static partial class torch
{
    public partial class Tensor
    {
        public Tensor adjoint() => Ops.adjoint.Call(this);

        public Tensor alias() => Ops.alias.Call(this);

        public Tensor as_strided(long[] size, long[] strides, long storageOffset = 0) => Ops.as_strided.Call(this, size, strides, storageOffset);

        public Tensor atleast_1d() => Ops.atleast_1d.Call(this);

        public Tensor atleast_2d() => Ops.atleast_2d.Call(this);

        public Tensor atleast_3d() => Ops.atleast_3d.Call(this);

        public Tensor broadcast_to(params long[] shape) => Ops.broadcast_to.Call(this, shape);

        public Tensor channel_shuffle(long groups) => Ops.channel_shuffle.Call(this, groups);

        public Tensor conj() => Ops.conj.Call(this);

        public Tensor detach() => Ops.detach.Call(this);

        public Tensor detach_() => Ops.detach_.InPlace(this);

        public Tensor diag(long diagonal = 0) => Ops.diag.Call(this, diagonal);

        public Tensor diag_embed(long offset = 0, long dim1 = -2, long dim2 = -1) => Ops.diag_embed.Call(this, offset, dim1, dim2);

        public Tensor diagflat(long offset = 0) => Ops.diagflat.Call(this, offset);

        public Tensor diagonal(long offset = 0, long dim1 = 0, long dim2 = 1) => Ops.diagonal.Call(this, offset, dim1, dim2);

        public Tensor diagonal_scatter(Tensor src, long offset = 0, long dim1 = 0, long dim2 = 1) => Ops.diagonal_scatter.Call(this, src, offset, dim1, dim2);

        public Tensor expand_as(Tensor other) => Ops.expand_as.Call(this, other);

        public Tensor flip(params long[] dims) => Ops.flip.Call(this, dims);

        public Tensor fliplr() => Ops.fliplr.Call(this);

        public Tensor flipud() => Ops.flipud.Call(this);

        public Tensor moveaxis(long[] source, long[] destination) => Ops.moveaxis_intlist.Call(this, source, destination);

        public Tensor movedim(long[] source, long[] destination) => Ops.movedim_intlist.Call(this, source, destination);

        public Tensor narrow(long dim, long start, long length) => Ops.narrow.Call(this, dim, start, length);

        public Tensor positive() => Ops.positive.Call(this);

        public Tensor ravel() => Ops.ravel.Call(this);

        public Tensor repeat(params long[] sizes) => Ops.repeat.Call(this, sizes);

        public Tensor resolve_conj() => Ops.resolve_conj.Call(this);

        public Tensor resolve_neg() => Ops.resolve_neg.Call(this);

        public Tensor roll((long, long) shifts, (long, long) dims) => Ops.roll.Call(this, Lists.Of(shifts), Lists.Of(dims));

        public Tensor roll((long, long, long) shifts, (long, long, long) dims) => Ops.roll.Call(this, Lists.Of(shifts), Lists.Of(dims));

        public Tensor roll(ReadOnlySpan<long> shifts, ReadOnlySpan<long> dims = default) => Ops.roll.Call(this, shifts, dims);

        public Tensor roll(long[] shifts) => Ops.roll.Call(this, shifts);

        public Tensor roll(long[] shifts, long[] dims) => Ops.roll.Call(this, shifts, dims);

        public Tensor rot90(long k = 1, (long, long)? dims = null) => Ops.rot90.Call(this, k, Lists.Of(dims));

        public Tensor select(long dim, long index) => Ops.select_int.Call(this, dim, index);

        public Tensor slice(long dim, long start, long finish, long step) => Ops.slice_Tensor.Call(this, dim, start, finish, step);

        public Tensor swapaxes(long dim0, long dim1) => Ops.swapaxes.Call(this, dim0, dim1);

        public Tensor swapdims(long dim0, long dim1) => Ops.swapdims.Call(this, dim0, dim1);

        public Tensor t() => Ops.t.Call(this);

        public Tensor tile(long[] reps) => Ops.tile.Call(this, reps);

        public Tensor transpose(long dim0, long dim1) => Ops.transpose_int.Call(this, dim0, dim1);

        public Tensor transpose_(long dim0, long dim1) => Ops.transpose_.InPlace(this, dim0, dim1);

        public Tensor tril(long diagonal = 0) => Ops.tril.Call(this, diagonal);

        public Tensor tril_(long diagonal = 0) => Ops.tril_.InPlace(this, diagonal);

        public Tensor triu(long diagonal = 0) => Ops.triu.Call(this, diagonal);

        public Tensor triu_(long diagonal = 0) => Ops.triu_.InPlace(this, diagonal);

        public Tensor unfold(long dimension, long size, long step) => Ops.unfold.Call(this, dimension, size, step);

        public Tensor unsqueeze(long dim) => Ops.unsqueeze.Call(this, dim);

        public Tensor unsqueeze_(long dim) => Ops.unsqueeze_.InPlace(this, dim);

        public Tensor view_as(Tensor other) => Ops.view_as.Call(this, other);

        public Tensor view_as_complex() => Ops.view_as_complex.Call(this);

        public Tensor view_as_real() => Ops.view_as_real.Call(this);
    }
}
