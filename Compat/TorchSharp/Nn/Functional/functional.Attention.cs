using TorchSharp.Interop;

namespace TorchSharp;

public static partial class torch
{
    public static partial class nn
    {
        /// <summary>Operators of networks, without state of their own. No argument is disposed; results are the caller's.</summary>
        public static partial class functional
        {
            private static readonly Operator s_attention = new("scaled_dot_product_attention");
            private static readonly Operator s_matmul = new("matmul");
            private static readonly Operator s_maskedFill = new("masked_fill_", "Scalar");

            /// <summary>softmax(QKᵀ/√d + mask) V, by libtorch's fused operator where it has one (from 2.0), by plain operators with the same numbers elsewhere.</summary>
            /// <param name="query"><c>[..., queries, head_dim]</c>.</param>
            /// <param name="key"><c>[..., keys, head_dim]</c>.</param>
            /// <param name="value"><c>[..., keys, head_dim]</c>.</param>
            /// <param name="attn_mask">Broadcastable to <c>[..., queries, keys]</c>: true where to look, or numbers that are added.</param>
            /// <param name="p">The probability of dropping a weight.</param>
            /// <param name="is_casual">Whether a query sees no later key; not together with a mask.</param>
            /// <returns><c>[..., queries, head_dim]</c>.</returns>
            public static Tensor scaled_dot_product_attention(Tensor query, Tensor key, Tensor value, Tensor? attn_mask = null, double p = 0, bool is_casual = false)
            {
                if (is_casual && attn_mask is not null)
                {
                    throw new ArgumentException("scaled_dot_product_attention takes a mask or is causal, not both; put the causal rule into the mask", nameof(attn_mask));
                }
                return s_attention.Exists
                    ? s_attention.Call(query, key, value, attn_mask, p, is_casual)
                    : AttentionByParts(query, key, value, attn_mask, p, is_casual);
            }

            // Changing the scores in place is safe: no backward formula here reads them before the softmax.
            private static Tensor AttentionByParts(Tensor query, Tensor key, Tensor value, Tensor? mask, double p, bool causal)
            {
                using DisposeScope scope = NewDisposeScope();
                Tensor scaled = query.mul(1 / Math.Sqrt(query.size(-1)));          // the smaller tensor to scale
                Tensor scores = s_matmul.Call(scaled, key.transpose(-2, -1));      // [..., queries, keys]
                if (causal)
                {
                    Tensor future = ones([query.size(-2), key.size(-2)], ScalarType.Bool, query.device).triu(1);
                    s_maskedFill.InPlace(scores, future, double.NegativeInfinity);
                }
                else if (mask is not null && mask.dtype == ScalarType.Bool)
                {
                    s_maskedFill.InPlace(scores, mask.logical_not(), double.NegativeInfinity);
                }
                else if (mask is not null)
                {
                    scores.add_(mask);
                }
                Tensor weights = softmax(scores, -1);
                if (p > 0)
                {
                    weights = dropout(weights, p);
                }
                return s_matmul.Call(weights, value).MoveToOuterDisposeScope();    // [..., queries, head_dim]
            }
        }
    }
}
