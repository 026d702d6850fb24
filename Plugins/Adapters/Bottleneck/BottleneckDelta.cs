using DeltaTune.Sites;
using static TorchSharp.torch;

namespace DeltaTune.Adapters.Bottleneck;

/// <summary>Bottleneck adapters: a small two-layer network after, beside or inside chosen maps, streams or sublayers.</summary>
/// <remarks>
/// Sources: Houlsby et al. 2019, https://arxiv.org/abs/1902.00751; Pfeiffer et al. 2020, https://arxiv.org/abs/2005.00247; He et al. 2022,
/// https://arxiv.org/abs/2110.04366 (parallel); Steitz and Roth 2024, https://arxiv.org/abs/2406.06820 (AdapterPlus: <c>sites</c> <c>ffn.norm</c>,
/// <c>scaling_kind</c> <c>channel</c>, <c>init</c> <c>houlsby</c>, <c>stochastic_depth</c> 0.1, <c>reduction_factor</c> 96); Li et al. 2024,
/// https://arxiv.org/abs/2304.09595 (AdapterGNN: two deltas at <c>sites</c> <c>norm</c> with <c>norm</c> <c>batch</c>, <c>non_linearity</c> <c>relu</c>, <c>scaling</c> 0.01, <c>scaling_kind</c>
/// <c>learned</c> and <c>bottleneck_size</c> 15; one has <c>read_sites</c> <c>layers.*.in</c>, before message passing, the other, after it, <c>conv.mlp.0</c> in a GIN and <c>reads</c> <c>input</c>
/// elsewhere; as published, the norms and a GIN's biases train too).
/// </remarks>
/// <param name="options">Its settings.</param>
public sealed class BottleneckDelta(BottleneckOptions options) : BottleneckFamilyDelta<BottleneckOptions>("adapter", options)
{
    private protected override (nn.Module<Tensor, Tensor> Down, nn.Module<Tensor, Tensor> Up) Projections(long read, MapSite site, Device device)
    {
        long size = Options.SizeAt(site);
        return (DenseProjection.Make(read, size, Options.Init, isUp: false, device), DenseProjection.Make(size, site.OutFeatures, Options.Init, isUp: true, device));
    }
}
