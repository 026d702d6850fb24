using DeltaTune.Backbones;
using DeltaTune.Deltas;
using DeltaTune.Sites;

namespace DeltaTune.Adapters.Bottleneck;

/// <summary>Bottleneck adapters: a small two-layer network added to what chosen maps, streams or sublayers give.</summary>
/// <remarks>
/// Source: Houlsby et al. 2019, https://arxiv.org/abs/1902.00751, at the places where OpenDelta puts it.
/// Differs from AdapterHub: the adapter reads what the sublayer gives and adds to it; the backbone's own norm comes once, after the residual,
/// never inside the adapter (<c>original_ln_before</c> is false).
/// </remarks>
public sealed class BottleneckDelta : Delta
{
    private readonly IReadOnlyList<MapSite>? _sites; // as a file gave them; null: as the options say
    private readonly IReadOnlyList<ParameterSite> _trained;

    /// <summary>Creates the delta, for no backbone yet.</summary>
    /// <param name="options">Its settings.</param>
    public BottleneckDelta(BottleneckOptions options)
        : this(options, null, [])
    {
    }

    /// <summary>Creates the delta that a file describes, for one backbone.</summary>
    internal BottleneckDelta(BottleneckOptions options, IReadOnlyList<MapSite>? sites, IReadOnlyList<ParameterSite> trained)
        : base("adapter")
    {
        ArgumentNullException.ThrowIfNull(options);
        (Options, _sites, _trained) = (options, sites, trained);
    }

    /// <summary>Gets the settings.</summary>
    internal BottleneckOptions Options { get; }

    /// <inheritdoc/>
    protected override IReadOnlyList<SiteAction> Plan(Backbone backbone)
    {
        ArgumentNullException.ThrowIfNull(backbone);
        TorchSharp.torch.Device device = backbone.Device();
        return [.. (_sites ?? Choose(backbone)).Select(site => new SiteAction(site, new BottleneckAdapter(site.OutFeatures, Options, device))),
            .. _trained.Select(site => new SiteAction(site, null))];
    }

    private IReadOnlyList<MapSite> Choose(Backbone backbone)
    {
        string sites = Options.Sites ?? (Options.Placement == BottleneckPlacement.Pfeiffer ? "ffn.out" : "attn.out, ffn.out");
        string where = Options.Sites is null ? "placement" : "sites";
        return SiteSelector.Parse(sites, where).Select<MapSite>(backbone.Sites, where, backbone.DisplayName()).InLayers(Options.Layers, backbone);
    }
}
