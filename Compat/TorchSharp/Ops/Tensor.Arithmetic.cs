using TorchSharp.Interop;

namespace TorchSharp;

public static partial class torch
{
    public partial class Tensor
    {
        public Tensor addcdiv(Tensor tensor1, Tensor tensor2) => Ops.addcdiv.Call(this, tensor1, tensor2);

        public Tensor addcdiv(Tensor tensor1, Tensor tensor2, Scalar value) => Ops.addcdiv.Call(this, tensor1, tensor2, value);

        public Tensor addcdiv_(Tensor tensor1, Tensor tensor2) => Ops.addcdiv_.InPlace(this, tensor1, tensor2);

        public Tensor addcdiv_(Tensor tensor1, Tensor tensor2, Scalar value) => Ops.addcdiv_.InPlace(this, tensor1, tensor2, value);

        public Tensor addcmul(Tensor tensor1, Tensor tensor2, Scalar value) => Ops.addcmul.Call(this, tensor1, tensor2, value);

        public Tensor addcmul_(Tensor tensor1, Tensor tensor2, Scalar value) => Ops.addcmul_.InPlace(this, tensor1, tensor2, value);

        public Tensor arctan2(Tensor other) => Ops.arctan2.Call(this, other);

        public Tensor arctan2_(Tensor other) => Ops.arctan2_.InPlace(this, other);

        public Tensor atan2(Tensor other) => Ops.atan2.Call(this, other);

        public Tensor atan2_(Tensor other) => Ops.atan2_.InPlace(this, other);

        public Tensor clamp_max(Scalar max) => Ops.clamp_max.Call(this, max);

        public Tensor clamp_max_(Scalar max) => Ops.clamp_max_.InPlace(this, max);

        public Tensor clamp_min(Scalar min) => Ops.clamp_min.Call(this, min);

        public Tensor clamp_min_(Scalar min) => Ops.clamp_min_.InPlace(this, min);

        public Tensor copysign(Tensor other) => Ops.copysign_Tensor.Call(this, other);

        public Tensor copysign_(Tensor other) => Ops.copysign__Tensor.InPlace(this, other);

        public Tensor fill_(Scalar value) => Ops.fill__Scalar.InPlace(this, value);

        public Tensor float_power(Tensor target) => Ops.float_power_Tensor_Tensor.Call(this, target);

        public Tensor float_power_(Tensor target) => Ops.float_power__Tensor.InPlace(this, target);

        public Tensor floor_divide(Scalar other) => Ops.floor_divide_Scalar.Call(this, other);

        public Tensor floor_divide(Tensor other) => Ops.floor_divide.Call(this, other);

        public Tensor floor_divide_(Scalar other) => Ops.floor_divide__Scalar.InPlace(this, other);

        public Tensor floor_divide_(Tensor other) => Ops.floor_divide__Tensor.InPlace(this, other);

        public Tensor fmod(Scalar scalar) => Ops.fmod_Scalar.Call(this, scalar);

        public Tensor fmod(Tensor target) => Ops.fmod_Tensor.Call(this, target);

        public Tensor fmod_(Scalar scalar) => Ops.fmod__Scalar.InPlace(this, scalar);

        public Tensor fmod_(Tensor target) => Ops.fmod__Tensor.InPlace(this, target);

        public Tensor gcd(Tensor other) => Ops.gcd.Call(this, other);

        public Tensor gcd_(Tensor other) => Ops.gcd_.InPlace(this, other);

        public Tensor heaviside(Tensor other) => Ops.heaviside.Call(this, other);

        public Tensor heaviside_(Tensor other) => Ops.heaviside_.InPlace(this, other);

        public Tensor hypot(Tensor other) => Ops.hypot.Call(this, other);

        public Tensor igamma(Tensor other) => Ops.igamma.Call(this, other);

        public Tensor igammac(Tensor other) => Ops.igammac.Call(this, other);

        public Tensor lcm(Tensor other) => Ops.lcm.Call(this, other);

        public Tensor lcm_(Tensor other) => Ops.lcm_.InPlace(this, other);

        public Tensor ldexp(Tensor other) => Ops.ldexp_Tensor.Call(this, other);

        public Tensor ldexp_(Tensor other) => Ops.ldexp_.InPlace(this, other);

        public Tensor lerp(Tensor end, Tensor weight) => Ops.lerp_Tensor.Call(this, end, weight);

        public Tensor lerp_(Tensor end, Tensor weight) => Ops.lerp__Tensor.InPlace(this, end, weight);

        public Tensor logaddexp(Tensor other) => Ops.logaddexp.Call(this, other);

        public Tensor logaddexp2(Tensor other) => Ops.logaddexp2.Call(this, other);

        public Tensor mvlgamma(long p) => Ops.mvlgamma.Call(this, p);

        public Tensor mvlgamma_(long p) => Ops.mvlgamma_.InPlace(this, p);

        public Tensor nextafter(Tensor other) => Ops.nextafter.Call(this, other);

        public Tensor nextafter_(Tensor other) => Ops.nextafter_.InPlace(this, other);

        public Tensor polygamma_(long p) => Ops.polygamma_.InPlace(this, p);

        public Tensor pow(Scalar exponent) => Ops.pow_Tensor_Scalar.Call(this, exponent);

        public Tensor pow(Tensor exponent) => Ops.pow_Tensor_Tensor.Call(this, exponent);

        public Tensor pow_(Scalar exponent) => Ops.pow__Scalar.InPlace(this, exponent);

        public Tensor pow_(Tensor exponent) => Ops.pow__Tensor.InPlace(this, exponent);

        public Tensor remainder(Scalar scalar) => Ops.remainder_Scalar.Call(this, scalar);

        public Tensor remainder(Tensor target) => Ops.remainder_Tensor.Call(this, target);

        public Tensor remainder_(Scalar scalar) => Ops.remainder__Scalar.InPlace(this, scalar);

        public Tensor remainder_(Tensor target) => Ops.remainder__Tensor.InPlace(this, target);

        public Tensor to_sparse(int sparse_dim) => Ops.to_sparse_sparse_dim.Call(this, sparse_dim);

        public Tensor true_divide_(Scalar other) => Ops.true_divide__Scalar.InPlace(this, other);

        public Tensor true_divide_(Tensor other) => Ops.true_divide__Tensor.InPlace(this, other);

        public Tensor xlogy(Scalar y) => Ops.xlogy_Scalar_Other.Call(this, y);

        public Tensor xlogy(Tensor y) => Ops.xlogy_Tensor.Call(this, y);

        public Tensor xlogy_(Scalar y) => Ops.xlogy__Scalar_Other.InPlace(this, y);

        public Tensor xlogy_(Tensor y) => Ops.xlogy__Tensor.InPlace(this, y);
    }
}
