using TorchSharp.Interop;

namespace TorchSharp;

public static partial class torch
{
    public partial class Tensor
    {
        public Tensor glu(long dim = -1) => Ops.glu.Call(this, dim);

        public Tensor hardsigmoid() => Ops.hardsigmoid.Call(this);

        public Tensor hardsigmoid_() => Ops.hardsigmoid_.InPlace(this);

        public Tensor hardswish() => Ops.hardswish.Call(this);

        public Tensor hardswish_() => Ops.hardswish_.InPlace(this);

        public Tensor hardtanh(Scalar min, Scalar max) => Ops.hardtanh.Call(this, min, max);

        public Tensor hardtanh_(Scalar min, Scalar max) => Ops.hardtanh_.InPlace(this, min, max);

        public Tensor log_sigmoid() => Ops.log_sigmoid.Call(this);

        public Tensor prelu(Tensor target) => Ops.prelu.Call(this, target);

        public Tensor relu() => Ops.relu.Call(this);

        public Tensor relu_() => Ops.relu_.InPlace(this);

        public Tensor selu() => Ops.selu.Call(this);

        public Tensor selu_() => Ops.selu_.InPlace(this);

        public Tensor sigmoid() => Ops.sigmoid.Call(this);

        public Tensor sigmoid_() => Ops.sigmoid_.InPlace(this);

        public Tensor silu() => Ops.silu.Call(this);

        public Tensor silu_() => Ops.silu_.InPlace(this);

        public Tensor softplus(double beta = 1, double threshold = 20) => Ops.softplus.Call(this, beta, threshold);

        public Tensor tanh() => Ops.tanh.Call(this);

        public Tensor tanh_() => Ops.tanh_.InPlace(this);

        public Tensor threshold(Scalar threshold, Scalar value) => Ops.threshold.Call(this, threshold, value);

        public Tensor threshold_(Scalar threshold, Scalar value) => Ops.threshold_.InPlace(this, threshold, value);
    }
}
