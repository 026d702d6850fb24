using TorchSharp.Interop;

namespace TorchSharp;

public static partial class torch
{
    public static partial class nn
    {
        /// <summary>Operators of networks, without state of their own. No argument is disposed; results are the caller's.</summary>
        public static partial class functional
        {
            private static readonly Operator s_linear = new("linear");
            private static readonly Operator s_bilinear = new("bilinear");
            private static readonly Operator s_dropout = new("dropout");
            private static readonly Operator s_dropoutInPlace = new("dropout_");
            private static readonly Operator s_alphaDropout = new("alpha_dropout");
            private static readonly Operator s_alphaDropoutInPlace = new("alpha_dropout_");
            private static readonly Operator s_layerNorm = new("layer_norm");
            private static readonly Operator s_groupNorm = new("group_norm");
            private static readonly Operator s_batchNorm = new("batch_norm");
            private static readonly Operator s_instanceNorm = new("instance_norm");

            /// <summary>x Wᵀ + b: <c>[..., in]</c> and a weight <c>[out, in]</c> give <c>[..., out]</c>.</summary>
            public static Tensor linear(Tensor input, Tensor weights, Tensor? bias = null) => s_linear.Call(input, weights, bias);

            /// <summary>x₁ᵀ Wₖ x₂ + bₖ: a weight <c>[out, in1, in2]</c> gives <c>[..., out]</c>.</summary>
            public static Tensor bilinear(Tensor input1, Tensor input2, Tensor weight, Tensor? bias = null) => s_bilinear.Call(input1, input2, weight, bias);

            /// <summary>In training, zeroes elements with probability p and scales the others by 1/(1 − p).</summary>
            public static Tensor dropout(Tensor input, double p = 0.5, bool training = true, bool inplace = false)
                => inplace ? s_dropoutInPlace.InPlace(input, p, training) : s_dropout.Call(input, p, training);

            /// <summary>Dropout that keeps mean and variance of self-normalising networks.</summary>
            public static Tensor alpha_dropout(Tensor input, double p = 0.5, bool training = false, bool inplace = false)
                => inplace ? s_alphaDropoutInPlace.InPlace(input, p, training) : s_alphaDropout.Call(input, p, training);

            /// <summary>(x − mean)/√(var + ε)·w + b over the last dimensions.</summary>
            public static Tensor layer_norm(Tensor input, long[] normalized_shape, Tensor? weight = null, Tensor? bias = null, double eps = 1e-05)
                => s_layerNorm.Call(input, normalized_shape, weight, bias, eps);

            /// <summary>Normalisation of <c>[batch, channels, ...]</c> over groups of channels.</summary>
            public static Tensor group_norm(Tensor input, long num_groups, Tensor? weight = null, Tensor? bias = null, double eps = 1e-05)
                => s_groupNorm.Call(input, num_groups, weight, bias, eps);

            /// <summary>Normalisation of each feature of <c>[batch, features, ...]</c>, by the batch's statistics in training; the running ones are updated then.</summary>
            public static Tensor batch_norm(
                Tensor input, Tensor? running_mean, Tensor? running_var, Tensor? weight = null, Tensor? bias = null, bool training = false, double momentum = 0.1, double eps = 1e-05)
                => s_batchNorm.Call(input, weight, bias, running_mean, running_var, training, momentum, eps, true);

            /// <summary>Normalisation of each feature of each example.</summary>
            public static Tensor instance_norm(
                Tensor input, Tensor? running_mean = null, Tensor? running_var = null, Tensor? weight = null, Tensor? bias = null, bool use_input_stats = true, double momentum = 0.1, double eps = 1e-05)
                => s_instanceNorm.Call(input, weight, bias, running_mean, running_var, use_input_stats, momentum, eps, true);
        }
    }
}
