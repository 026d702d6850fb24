using TorchSharp.Interop;

namespace TorchSharp;

public static partial class torch
{
    public partial class Tensor
    {
        public Tensor abs() => Ops.abs.Call(this);

        public Tensor absolute() => Ops.absolute.Call(this);

        public Tensor acos() => Ops.acos.Call(this);

        public Tensor acosh() => Ops.acosh.Call(this);

        public Tensor angle() => Ops.angle.Call(this);

        public Tensor arccos() => Ops.arccos.Call(this);

        public Tensor arccosh() => Ops.arccosh.Call(this);

        public Tensor arcsin() => Ops.arcsin.Call(this);

        public Tensor arcsinh() => Ops.arcsinh.Call(this);

        public Tensor arctan() => Ops.arctan.Call(this);

        public Tensor arctanh() => Ops.arctanh.Call(this);

        public Tensor asin() => Ops.asin.Call(this);

        public Tensor asinh() => Ops.asinh.Call(this);

        public Tensor atan() => Ops.atan.Call(this);

        public Tensor atanh() => Ops.atanh.Call(this);

        public Tensor ceil() => Ops.ceil.Call(this);

        public Tensor conj_physical() => Ops.conj_physical.Call(this);

        public Tensor cos() => Ops.cos.Call(this);

        public Tensor cosh() => Ops.cosh.Call(this);

        public Tensor deg2rad() => Ops.deg2rad.Call(this);

        public Tensor digamma() => Ops.digamma.Call(this);

        public Tensor erf() => Ops.erf.Call(this);

        public Tensor erfc() => Ops.erfc.Call(this);

        public Tensor erfinv() => Ops.erfinv.Call(this);

        public Tensor exp() => Ops.exp.Call(this);

        public Tensor exp2() => Ops.exp2.Call(this);

        public Tensor expm1() => Ops.expm1.Call(this);

        public Tensor fix() => Ops.fix.Call(this);

        public Tensor floor() => Ops.floor.Call(this);

        public Tensor frac() => Ops.frac.Call(this);

        public Tensor i0() => Ops.i0.Call(this);

        public Tensor lgamma() => Ops.lgamma.Call(this);

        public Tensor log() => Ops.log.Call(this);

        public Tensor log10() => Ops.log10.Call(this);

        public Tensor log1p() => Ops.log1p.Call(this);

        public Tensor log2() => Ops.log2.Call(this);

        public Tensor neg() => Ops.neg.Call(this);

        public Tensor negative() => Ops.negative.Call(this);

        public Tensor rad2deg() => Ops.rad2deg.Call(this);

        public Tensor reciprocal() => Ops.reciprocal.Call(this);

        public Tensor rsqrt() => Ops.rsqrt.Call(this);

        public Tensor sgn() => Ops.sgn.Call(this);

        public Tensor sign() => Ops.sign.Call(this);

        public Tensor signbit() => Ops.signbit.Call(this);

        public Tensor sin() => Ops.sin.Call(this);

        public Tensor sinc() => Ops.sinc.Call(this);

        public Tensor sinh() => Ops.sinh.Call(this);

        public Tensor sqrt() => Ops.sqrt.Call(this);

        public Tensor square() => Ops.square.Call(this);

        public Tensor tan() => Ops.tan.Call(this);

        public Tensor to_dense() => Ops.to_dense.Call(this);

        public Tensor to_sparse() => Ops.to_sparse.Call(this);

        public Tensor trunc() => Ops.trunc.Call(this);
    }
}
