using TorchSharp.Interop;

namespace TorchSharp;

public static partial class torch
{
    public static partial class nn
    {
        /// <summary>Operators of networks, without state of their own. No argument is disposed; results are the caller's.</summary>
        public static partial class functional
        {
            private static readonly Operator s_oneHot = new("one_hot");
            private static readonly Operator s_pad = new("pad");
            private static readonly Operator s_cosineSimilarity = new("cosine_similarity");
            private static readonly Operator s_pairwiseDistance = new("pairwise_distance");
            private static readonly Operator s_norm = new("norm", "ScalarOpt_dim");
            private static readonly Operator s_clampMin = new("clamp_min");

            /// <summary>Indices as rows of one 1 and else 0: <c>[...]</c> gives <c>[..., classes]</c>, as many as the largest index asks for where not told.</summary>
            public static Tensor one_hot(Tensor x, long num_classes = -1) => s_oneHot.Call(x, num_classes);

            /// <summary>x/max(‖x‖ₚ, ε) along a dimension.</summary>
            public static Tensor normalize(Tensor input, double p = 2, long dim = 1, double eps = 1e-12)
            {
                using Tensor norm = s_norm.Call(input, p, new[] { dim }, true);
                using Tensor length = s_clampMin.Call(norm, eps);
                return input.div(length);
            }

            /// <summary>x₁·x₂/(‖x₁‖‖x₂‖) along a dimension.</summary>
            public static Tensor cosine_similarity(Tensor x1, Tensor x2, long dim = 1, double eps = 1e-08) => s_cosineSimilarity.Call(x1, x2, dim, eps);

            /// <summary>‖x₁ − x₂ + ε‖ₚ along the last dimension.</summary>
            public static Tensor pairwise_distance(Tensor input1, Tensor input2, double p = 2, double eps = 1e-06, bool keepdim = false)
                => s_pairwiseDistance.Call(input1, input2, p, eps, keepdim);

            /// <summary>Pads, beginning with the last dimension: (before, after) for each.</summary>
            public static Tensor pad(Tensor input, long[] pad, PaddingModes mode = PaddingModes.Constant, double value = 0) => mode switch
            {
                PaddingModes.Constant or PaddingModes.Zeros => s_pad.Call(input, pad, "constant", mode == PaddingModes.Zeros ? 0 : value),
                PaddingModes.Reflect => s_pad.Call(input, pad, "reflect", Arg.None),
                PaddingModes.Replicate => s_pad.Call(input, pad, "replicate", Arg.None),
                PaddingModes.Circular => s_pad.Call(input, pad, "circular", Arg.None),
                _ => throw new ArgumentOutOfRangeException(nameof(mode), mode, "pad: the mode must be one of PaddingModes"),
            };

            /// <summary>Pads, beginning with the last dimension: (before, after) for each.</summary>
            public static Tensor pad(Tensor input, ReadOnlySpan<long> pad, PaddingModes mode = PaddingModes.Constant, double value = 0)
                => functional.pad(input, pad.ToArray(), mode, value);

            /// <summary>Pads the last dimension on both sides alike.</summary>
            public static Tensor pad(Tensor input, long pad, PaddingModes mode = PaddingModes.Constant, double value = 0)
                => functional.pad(input, [pad, pad], mode, value);

            /// <summary>Pads the last dimension.</summary>
            public static Tensor pad(Tensor input, (long, long) pad, PaddingModes mode = PaddingModes.Constant, double value = 0)
                => functional.pad(input, [pad.Item1, pad.Item2], mode, value);

            /// <summary>Pads the last two dimensions.</summary>
            public static Tensor pad(Tensor input, (long, long, long, long) pad, PaddingModes mode = PaddingModes.Constant, double value = 0)
                => functional.pad(input, [pad.Item1, pad.Item2, pad.Item3, pad.Item4], mode, value);
        }
    }
}
