using TorchSharp.Interop;

namespace TorchSharp;

public static partial class torch
{
    public static partial class nn
    {
        /// <summary>Operators of networks, without state of their own. No argument is disposed; results are the caller's.</summary>
        public static partial class functional
        {
            private static readonly Operator s_relu = new("relu");
            private static readonly Operator s_reluInPlace = new("relu_");
            private static readonly Operator s_relu6 = new("relu6");
            private static readonly Operator s_relu6InPlace = new("relu6_");
            private static readonly Operator s_silu = new("silu");
            private static readonly Operator s_siluInPlace = new("silu_");
            private static readonly Operator s_mish = new("mish");
            private static readonly Operator s_mishInPlace = new("mish_");
            private static readonly Operator s_selu = new("selu");
            private static readonly Operator s_seluInPlace = new("selu_");
            private static readonly Operator s_tanh = new("tanh");
            private static readonly Operator s_tanhInPlace = new("tanh_");
            private static readonly Operator s_sigmoid = new("sigmoid");
            private static readonly Operator s_sigmoidInPlace = new("sigmoid_");
            private static readonly Operator s_hardsigmoid = new("hardsigmoid");
            private static readonly Operator s_hardsigmoidInPlace = new("hardsigmoid_");
            private static readonly Operator s_hardswish = new("hardswish");
            private static readonly Operator s_hardswishInPlace = new("hardswish_");
            private static readonly Operator s_elu = new("elu");
            private static readonly Operator s_eluInPlace = new("elu_");
            private static readonly Operator s_celu = new("celu");
            private static readonly Operator s_celuInPlace = new("celu_");
            private static readonly Operator s_leakyRelu = new("leaky_relu");
            private static readonly Operator s_leakyReluInPlace = new("leaky_relu_");
            private static readonly Operator s_hardtanh = new("hardtanh");
            private static readonly Operator s_hardtanhInPlace = new("hardtanh_");
            private static readonly Operator s_threshold = new("threshold");
            private static readonly Operator s_thresholdInPlace = new("threshold_");
            private static readonly Operator s_gelu = new("gelu");
            private static readonly Operator s_geluInPlace = new("gelu_");
            private static readonly Operator s_glu = new("glu");
            private static readonly Operator s_logSigmoid = new("log_sigmoid");
            private static readonly Operator s_softplus = new("softplus");
            private static readonly Operator s_prelu = new("prelu");
            private static readonly Operator s_hardshrink = new("hardshrink");
            private static readonly Operator s_softshrink = new("softshrink");
            private static readonly Operator s_softmax = new("softmax", "int");
            private static readonly Operator s_logSoftmax = new("log_softmax", "int");

            /// <summary>max(0, x).</summary>
            public static Tensor relu(Tensor x, bool inplace = false) => inplace ? s_reluInPlace.InPlace(x) : s_relu.Call(x);

            /// <summary>min(max(0, x), 6).</summary>
            public static Tensor relu6(Tensor x, bool inplace = false) => inplace ? s_relu6InPlace.InPlace(x) : s_relu6.Call(x);

            /// <summary>x/(1 + e⁻ˣ).</summary>
            public static Tensor silu(Tensor x, bool inplace = false) => inplace ? s_siluInPlace.InPlace(x) : s_silu.Call(x);

            /// <summary>x tanh(ln(1 + eˣ)).</summary>
            public static Tensor mish(Tensor x, bool inplace = false) => inplace ? s_mishInPlace.InPlace(x) : s_mish.Call(x);

            /// <summary>The self-normalising ELU.</summary>
            public static Tensor selu(Tensor x, bool inplace = false) => inplace ? s_seluInPlace.InPlace(x) : s_selu.Call(x);

            /// <summary>tanh x.</summary>
            public static Tensor tanh(Tensor x, bool inplace = false) => inplace ? s_tanhInPlace.InPlace(x) : s_tanh.Call(x);

            /// <summary>1/(1 + e⁻ˣ).</summary>
            public static Tensor sigmoid(Tensor x, bool inplace) => inplace ? s_sigmoidInPlace.InPlace(x) : s_sigmoid.Call(x);

            /// <summary>1/(1 + e⁻ˣ).</summary>
            public static Tensor sigmoid(Tensor x) => s_sigmoid.Call(x);

            /// <summary>A piecewise linear sigmoid.</summary>
            public static Tensor hardsigmoid(Tensor input, bool inplace = false) => inplace ? s_hardsigmoidInPlace.InPlace(input) : s_hardsigmoid.Call(input);

            /// <summary>x times the piecewise linear sigmoid.</summary>
            public static Tensor hardswish(Tensor input, bool inplace = false) => inplace ? s_hardswishInPlace.InPlace(input) : s_hardswish.Call(input);

            /// <summary>x where positive, α(eˣ − 1) elsewhere.</summary>
            public static Tensor elu(Tensor x, double alpha, bool inplace = false) => inplace ? s_eluInPlace.InPlace(x, alpha) : s_elu.Call(x, alpha);

            /// <summary>x where positive, α(e^(x/α) − 1) elsewhere.</summary>
            public static Tensor celu(Tensor x, double alpha, bool inplace = false) => inplace ? s_celuInPlace.InPlace(x, alpha) : s_celu.Call(x, alpha);

            /// <summary>x where positive, a x elsewhere.</summary>
            public static Tensor leaky_relu(Tensor input, double negative_slope = 0.01, bool inplace = false) => inplace ? s_leakyReluInPlace.InPlace(input, negative_slope) : s_leakyRelu.Call(input, negative_slope);

            /// <summary>x held between two bounds.</summary>
            public static Tensor hardtanh(Tensor x, double min_val = -1, double max_val = 1, bool inplace = false) => inplace ? s_hardtanhInPlace.InPlace(x, min_val, max_val) : s_hardtanh.Call(x, min_val, max_val);

            /// <summary>x above a threshold, a value elsewhere.</summary>
            public static Tensor threshold(Tensor x, double threshold, double value, bool inplace = false) => inplace ? s_thresholdInPlace.InPlace(x, threshold, value) : s_threshold.Call(x, threshold, value);

            /// <summary>x Φ(x).</summary>
            public static Tensor gelu(Tensor x) => s_gelu.Call(x);

            /// <summary>x Φ(x).</summary>
            public static Tensor gelu(Tensor x, bool inplace) => inplace ? s_geluInPlace.InPlace(x) : s_gelu.Call(x);

            /// <summary>x Φ(x), with Φ by the error function or by tanh.</summary>
            public static Tensor gelu(Tensor x, Modules.GELU.Approximate approximate, bool inplace = false)
            {
                string how = approximate == Modules.GELU.Approximate.tanh ? "tanh" : "none";
                return inplace ? s_geluInPlace.InPlace(x, how) : s_gelu.Call(x, how);
            }

            /// <summary>One half of a dimension times the sigmoid of the other half.</summary>
            public static Tensor glu(Tensor input, long dim = -1) => s_glu.Call(input, dim);

            /// <summary>ln(1/(1 + e⁻ˣ)).</summary>
            public static Tensor logsigmoid(Tensor x) => s_logSigmoid.Call(x);

            /// <summary>ln(1 + e^(βx))/β.</summary>
            public static Tensor softplus(Tensor x, double beta = 1, double threshold = 20) => s_softplus.Call(x, beta, threshold);

            /// <summary>x where positive, a learnt slope times x elsewhere.</summary>
            public static Tensor prelu(Tensor input, Tensor weight) => s_prelu.Call(input, weight);

            /// <summary>x outside of ±λ, zero inside.</summary>
            public static Tensor hardshrink(Tensor x, double lambda = 0.5) => s_hardshrink.Call(x, lambda);

            /// <summary>x drawn towards zero by λ.</summary>
            public static Tensor softshrink(Tensor x, double lambda = 0.5) => s_softshrink.Call(x, lambda);

            /// <summary>Exponentials divided by their sum along a dimension.</summary>
            public static Tensor softmax(Tensor input, long dim, ScalarType? dtype = null) => s_softmax.Call(input, dim, dtype);

            /// <summary>The logarithm of the softmax along a dimension.</summary>
            public static Tensor log_softmax(Tensor x, long dim) => s_logSoftmax.Call(x, dim, Arg.None);

            /// <summary>The softmax of −x along a dimension.</summary>
            public static Tensor softmin(Tensor x, long dim)
            {
                using Tensor negative = x.neg();
                return softmax(negative, dim);
            }

            /// <summary>x − tanh x.</summary>
            public static Tensor tanhshrink(Tensor x, bool inplace = false)
            {
                using Tensor bent = x.tanh();
                return inplace ? x.sub_(bent) : x.sub(bent);
            }

            /// <summary>x/(1 + |x|).</summary>
            public static Tensor softsign(Tensor x, bool inplace = false)
            {
                using Tensor size = x.abs();
                using Tensor divisor = size.add(1);
                return inplace ? x.div_(divisor) : x.div(divisor);
            }
        }
    }
}
