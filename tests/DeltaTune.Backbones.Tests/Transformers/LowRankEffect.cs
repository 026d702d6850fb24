using DeltaTune.Sites;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace DeltaTune.Backbones.Tests.Transformers;

/// <summary>y + B·A·x with noise in both, so that every gradient is more than zero.</summary>
internal abstract class LowRankEffect : Effect<Tensor, Tensor>
{
    private readonly Parameter _a; // [2, in]
    private readonly Parameter _b; // [out, 2]

    private protected LowRankEffect(MapSite site, Generator generator)
        : base(nameof(LowRankEffect))
    {
        _a = new Parameter(empty(2, site.InFeatures).normal_(0, 0.3, generator));
        _b = new Parameter(empty(site.OutFeatures, 2).normal_(0, 0.3, generator));
        register_parameter("a", _a);
        register_parameter("b", _b);
    }

    public override Tensor Apply(Tensor input, Func<Tensor, Tensor> next)
        => next(input).add(nn.functional.linear(nn.functional.linear(input, _a), _b));

    /// <summary>One that says that it acts by position.</summary>
    internal sealed class Marked(MapSite site, Generator generator) : LowRankEffect(site, generator), IRowwiseEffect;

    /// <summary>One that does not say so.</summary>
    internal sealed class Unmarked(MapSite site, Generator generator) : LowRankEffect(site, generator);
}
