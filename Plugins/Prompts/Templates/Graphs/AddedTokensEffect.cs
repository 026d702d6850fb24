using DeltaTune.Batches;
using DeltaTune.Sites;
using TorchSharp;
using TorchSharp.Modules;
using TorchSharp.Utils;
using static TorchSharp.torch;

namespace DeltaTune.Prompts.Templates;

/// <summary>Adds the prompt's nodes to the features of every node that is like them: x_i + Σ_k w_ik·p_k with w_ik = σ(p_k·x_i) where that is above a threshold, and else 0.</summary>
/// <remarks>Source: Sun et al. 2023, https://arxiv.org/abs/2307.01504, §3.3.3. The graph keeps its nodes and edges.</remarks>
internal sealed class AddedTokensEffect : Effect<ModelBatch, Embedded>
{
    private readonly double _threshold;
    [ComponentName(Name = "tokens")] private readonly Parameter _tokens; // p, [tokens, features]

    /// <param name="tokens">The first value of p; taken over.</param>
    /// <param name="threshold">What a similarity must be above to count.</param>
    public AddedTokensEffect(Tensor tokens, double threshold)
        : base(nameof(AddedTokensEffect))
    {
        _threshold = threshold;
        _tokens = new Parameter(tokens);
        RegisterComponents();
    }

    /// <inheritdoc/>
    public override Embedded Apply(ModelBatch input, Func<ModelBatch, Embedded> next)
    {
        Embedded embedded = next(input);
        using DisposeScope scope = NewDisposeScope();
        Tensor x = embedded.Inputs, p = _tokens.to(x.dtype);                                          // [nodes, features], [tokens, features]
        Tensor alike = nn.functional.linear(x, p).sigmoid();                                          // σ(p·x), [nodes, tokens]
        Tensor w = alike.masked_fill(alike.gt(_threshold).logical_not(), 0);
        return embedded with { Inputs = x.add(w.mm(p), Strength).MoveToOuterDisposeScope() };
    }
}
