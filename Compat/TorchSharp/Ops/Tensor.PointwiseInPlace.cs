using TorchSharp.Interop;

namespace TorchSharp;

public static partial class torch
{
    public partial class Tensor
    {
        public Tensor abs_() => Ops.abs_.InPlace(this);

        public Tensor absolute_() => Ops.absolute_.InPlace(this);

        public Tensor acos_() => Ops.acos_.InPlace(this);

        public Tensor acosh_() => Ops.acosh_.InPlace(this);

        public Tensor arccos_() => Ops.arccos_.InPlace(this);

        public Tensor arccosh_() => Ops.arccosh_.InPlace(this);

        public Tensor arcsin_() => Ops.arcsin_.InPlace(this);

        public Tensor arcsinh_() => Ops.arcsinh_.InPlace(this);

        public Tensor arctan_() => Ops.arctan_.InPlace(this);

        public Tensor arctanh_() => Ops.arctanh_.InPlace(this);

        public Tensor asin_() => Ops.asin_.InPlace(this);

        public Tensor asinh_() => Ops.asinh_.InPlace(this);

        public Tensor atan_() => Ops.atan_.InPlace(this);

        public Tensor atanh_() => Ops.atanh_.InPlace(this);

        public Tensor ceil_() => Ops.ceil_.InPlace(this);

        public Tensor conj_physical_() => Ops.conj_physical_.InPlace(this);

        public Tensor cos_() => Ops.cos_.InPlace(this);

        public Tensor cosh_() => Ops.cosh_.InPlace(this);

        public Tensor deg2rad_() => Ops.deg2rad_.InPlace(this);

        public Tensor digamma_() => Ops.digamma_.InPlace(this);

        public Tensor erf_() => Ops.erf_.InPlace(this);

        public Tensor erfc_() => Ops.erfc_.InPlace(this);

        public Tensor erfinv_() => Ops.erfinv_.InPlace(this);

        public Tensor exp2_() => Ops.exp2_.InPlace(this);

        public Tensor exp_() => Ops.exp_.InPlace(this);

        public Tensor expm1_() => Ops.expm1_.InPlace(this);

        public Tensor fix_() => Ops.fix_.InPlace(this);

        public Tensor floor_() => Ops.floor_.InPlace(this);

        public Tensor frac_() => Ops.frac_.InPlace(this);

        public Tensor i0_() => Ops.i0_.InPlace(this);

        public Tensor lgamma_() => Ops.lgamma_.InPlace(this);

        public Tensor log10_() => Ops.log10_.InPlace(this);

        public Tensor log1p_() => Ops.log1p_.InPlace(this);

        public Tensor log2_() => Ops.log2_.InPlace(this);

        public Tensor log_() => Ops.log_.InPlace(this);

        public Tensor neg_() => Ops.neg_.InPlace(this);

        public Tensor rad2deg_() => Ops.rad2deg_.InPlace(this);

        public Tensor reciprocal_() => Ops.reciprocal_.InPlace(this);

        public Tensor rsqrt_() => Ops.rsqrt_.InPlace(this);

        public Tensor sgn_() => Ops.sgn_.InPlace(this);

        public Tensor sign_() => Ops.sign_.InPlace(this);

        public Tensor sin_() => Ops.sin_.InPlace(this);

        public Tensor sinc_() => Ops.sinc_.InPlace(this);

        public Tensor sinh_() => Ops.sinh_.InPlace(this);

        public Tensor sqrt_() => Ops.sqrt_.InPlace(this);

        public Tensor tan_() => Ops.tan_.InPlace(this);

        public Tensor trunc_() => Ops.trunc_.InPlace(this);

        public Tensor zero_() => Ops.zero_.InPlace(this);
    }
}
