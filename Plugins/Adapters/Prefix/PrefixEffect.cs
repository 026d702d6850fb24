using DeltaTune.Sites;
using TorchSharp;
using TorchSharp.Modules;
using TorchSharp.Utils;
using static TorchSharp.torch;

namespace DeltaTune.Adapters.Prefix;

/// <summary>The prefix of one attention: softmax(Q·[P_k; K]ᵀ·scale + [0; mask])·[P_v; V].</summary>
/// <remarks>
/// Source: Li and Liang 2021, "Prefix-Tuning: Optimizing Continuous Prompts for Generation", §4, https://arxiv.org/abs/2101.00190.
/// Differs from the paper: P_k and P_v are trained themselves, as they are kept after its training. They start Gaussian.
/// At strength 0 the prefix is not there; at any other than 0 and 1, P_k stays and P_v is scaled by it.
/// Owns P_k and P_v, in float32 whatever the backbone's type.
/// </remarks>
internal sealed class PrefixEffect : Effect<AttentionInput, Tensor>, IRowwiseEffect
{
    [ComponentName(Name = "prefix_key")]
    private readonly Parameter _key;   // P_k, [heads, prefix, head_dim]
    [ComponentName(Name = "prefix_value")]
    private readonly Parameter _value; // P_v, [heads, prefix, head_dim]

    /// <summary>Makes P_k and P_v for a site.</summary>
    /// <param name="site">Where it will act. Nothing is attached here.</param>
    /// <param name="prefixLength">How many keys and values.</param>
    /// <param name="deviation">The standard deviation that they start with.</param>
    /// <param name="device">Where they go.</param>
    public PrefixEffect(AttentionSite site, int prefixLength, double deviation, Device device)
        : base(nameof(PrefixEffect))
    {
        using (no_grad())
        {
            (_key, _value) = (Fresh(), Fresh());
        }

        RegisterComponents();

        Parameter Fresh() => new(nn.init.normal_(empty([site.Heads, prefixLength, site.HeadSize], dtype: ScalarType.Float32, device: device), 0, deviation));
    }

    /// <inheritdoc/>
    public override Tensor Apply(AttentionInput input, Func<AttentionInput, Tensor> next)
    {
        if (Strength is 0)
        {
            return next(input); // no factor on P_v would do: the keys alone take attention from the site's own
        }

        using DisposeScope scope = NewDisposeScope();
        Tensor value = Strength is 1 ? _value : _value * Strength;
        return next(input.WithPrefix(Repeated(_key, input.Key), Repeated(value, input.Value))).MoveToOuterDisposeScope();
    }

    // [heads, prefix, head_dim] -> [batch, query heads, prefix, head_dim], each head as often in a row as the checkpoint's heads are for the queries
    private static Tensor Repeated(Tensor prefix, Tensor own)
    {
        long batch = own.size(0), all = own.size(1), heads = prefix.size(0), length = prefix.size(1), size = prefix.size(2);
        Tensor typed = prefix.dtype == own.dtype ? prefix : prefix.to(own.dtype);
        return heads == all
            ? typed.expand(batch, heads, length, size)
            : typed.unsqueeze(1).expand(batch, heads, all / heads, length, size).reshape(batch, all, length, size);
    }
}
