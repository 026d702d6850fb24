using TorchSharp.Interop;

namespace TorchSharp;

public static partial class torch
{
    public static partial class nn
    {
        /// <summary>Operators of networks, without state of their own. No argument is disposed; results are the caller's.</summary>
        public static partial class functional
        {
            private static readonly Operator s_mseLoss = new("mse_loss");
            private static readonly Operator s_l1Loss = new("l1_loss");
            private static readonly Operator s_smoothL1Loss = new("smooth_l1_loss");
            private static readonly Operator s_huberLoss = new("huber_loss");
            private static readonly Operator s_softMarginLoss = new("soft_margin_loss");
            private static readonly Operator s_hingeEmbeddingLoss = new("hinge_embedding_loss");
            private static readonly Operator s_marginRankingLoss = new("margin_ranking_loss");
            private static readonly Operator s_cosineEmbeddingLoss = new("cosine_embedding_loss");
            private static readonly Operator s_tripletMarginLoss = new("triplet_margin_loss");
            private static readonly Operator s_binaryCrossEntropy = new("binary_cross_entropy");
            private static readonly Operator s_binaryCrossEntropyWithLogits = new("binary_cross_entropy_with_logits");
            private static readonly Operator s_nllLossNd = new("nll_loss_nd");
            private static readonly Operator s_crossEntropyLoss = new("cross_entropy_loss");
            private static readonly Operator s_klDiv = new("kl_div");

            /// <summary>The squared difference, elements reduced.</summary>
            public static Tensor mse_loss(Tensor input, Tensor target, Reduction reduction = Reduction.Mean)
                => s_mseLoss.Call(input, target, (long)reduction);

            /// <summary>The absolute difference, elements reduced.</summary>
            public static Tensor l1_loss(Tensor input, Tensor target, Reduction reduction = Reduction.Mean)
                => s_l1Loss.Call(input, target, (long)reduction);

            /// <summary>Half the squared difference over β where it is below β, the absolute one less β/2 elsewhere.</summary>
            public static Tensor smooth_l1_loss(Tensor input, Tensor target, Reduction reduction = Reduction.Mean, double beta = 1)
                => s_smoothL1Loss.Call(input, target, (long)reduction, beta);

            /// <summary>Half the squared difference where it is below δ, a line elsewhere.</summary>
            public static Tensor huber_loss(Tensor input, Tensor target, double delta = 1, Reduction reduction = Reduction.Mean)
                => s_huberLoss.Call(input, target, (long)reduction, delta);

            /// <summary>ln(1 + e^(−yx)) with y = ±1.</summary>
            public static Tensor soft_margin_loss(Tensor input, Tensor target, Reduction reduction = Reduction.Mean)
                => s_softMarginLoss.Call(input, target, (long)reduction);

            /// <summary>x where y is 1, max(0, margin − x) where it is −1.</summary>
            public static Tensor hinge_embedding_loss(Tensor input, Tensor target, double margin = 0, Reduction reduction = Reduction.Mean)
                => s_hingeEmbeddingLoss.Call(input, target, margin, (long)reduction);

            /// <summary>max(0, −y(x₁ − x₂) + margin).</summary>
            public static Tensor margin_ranking_loss(Tensor input1, Tensor input2, Tensor target, double margin = 0, Reduction reduction = Reduction.Mean)
                => s_marginRankingLoss.Call(input1, input2, target, margin, (long)reduction);

            /// <summary>1 − cos where y is 1, max(0, cos − margin) where it is −1.</summary>
            public static Tensor cosine_embedding_loss(Tensor input1, Tensor input2, Tensor target, double margin = 0, Reduction reduction = Reduction.Mean)
                => s_cosineEmbeddingLoss.Call(input1, input2, target, margin, (long)reduction);

            /// <summary>max(0, d(a, p) − d(a, n) + margin).</summary>
            public static Tensor triplet_margin_loss(Tensor anchor, Tensor positive, Tensor negative, double margin = 1, long p = 2, double eps = 1e-06, bool swap = false, Reduction reduction = Reduction.Mean)
                => s_tripletMarginLoss.Call(anchor, positive, negative, margin, (double)p, eps, swap, (long)reduction);

            /// <summary>The cross-entropy of probabilities against targets from 0 to 1.</summary>
            public static Tensor binary_cross_entropy(Tensor input, Tensor target, Tensor? weight = null, Reduction reduction = Reduction.Mean)
                => s_binaryCrossEntropy.Call(input, target, weight, (long)reduction);

            /// <summary>The cross-entropy of scores against targets from 0 to 1.</summary>
            public static Tensor binary_cross_entropy_with_logits(Tensor input, Tensor target, Tensor? weight = null, Reduction reduction = Reduction.Mean, Tensor? pos_weights = null)
                => s_binaryCrossEntropyWithLogits.Call(input, target, weight, pos_weights, (long)reduction);

            /// <summary>The negative log-likelihood of log-probabilities <c>[batch, labels, ...]</c> at labels <c>[batch, ...]</c>; -100 counts for nothing.</summary>
            public static Tensor nll_loss(Tensor input, Tensor target, Tensor? weight = null, Reduction reduction = Reduction.Mean)
                => s_nllLossNd.Call(input, target, weight, (long)reduction);

            /// <summary>The negative log-likelihood, in nats, of scores <c>[batch, labels, ...]</c> at labels <c>[batch, ...]</c> or against probabilities.</summary>
            public static Tensor cross_entropy(Tensor input, Tensor target, Tensor? weight = null, long ignore_index = -100, Reduction reduction = Reduction.Mean, double label_smoothing = 0)
                => s_crossEntropyLoss.Call(input, target, weight, (long)reduction, ignore_index, label_smoothing);

            /// <summary>The divergence of a target from log-probabilities. The mean is over all elements, as in PyTorch.</summary>
            /// <remarks>The target holds logarithms unless <paramref name="log_target"/> says otherwise: the opposite of PyTorch's default.</remarks>
            public static Tensor kl_div(Tensor input, Tensor target, bool log_target = true, Reduction reduction = Reduction.Mean)
                => s_klDiv.Call(input, target, (long)reduction, log_target);
        }
    }
}
