using DeltaTune.Backbones;
using DeltaTune.Deltas;
using DeltaTune.Sites;

namespace DeltaTune.Adapters.Prefix;

/// <summary>Prefix tuning: trained keys and values that every query of chosen attentions sees before the site's own.</summary>
/// <remarks>
/// Source: Li and Liang 2021, https://arxiv.org/abs/2101.00190. Differences are named on <see cref="PrefixOptions"/>. Keys and values are trained
/// themselves, without the network that the paper makes them with in training (§4.3): what it keeps after training are keys and values too.
/// A fresh prefix changes the outputs: its keys take a part of every query's attention, however small its values are. It cannot be merged.
/// </remarks>
public sealed class PrefixDelta : Delta
{
    private readonly IReadOnlyList<AttentionSite>? _sites; // as a file gave them; null: as the options say

    /// <summary>Creates the delta, for no backbone yet.</summary>
    /// <param name="options">Its settings.</param>
    public PrefixDelta(PrefixOptions options)
        : this(options, null)
    {
    }

    /// <summary>Creates the delta that a file describes, for one backbone.</summary>
    internal PrefixDelta(PrefixOptions options, IReadOnlyList<AttentionSite>? sites)
        : base("prefix")
    {
        ArgumentNullException.ThrowIfNull(options);
        (Options, _sites) = (options, sites);
    }

    /// <summary>Gets the settings.</summary>
    internal PrefixOptions Options { get; }

    /// <inheritdoc/>
    protected override IReadOnlyList<SiteAction> Plan(Backbone backbone)
    {
        ArgumentNullException.ThrowIfNull(backbone);
        TorchSharp.torch.Device device = backbone.Device();
        return [.. (_sites ?? Choose(backbone)).Select(site => new SiteAction(site, new PrefixEffect(site, Options.PrefixLength, Options.InitDeviation, device)))];
    }

    private IReadOnlyList<AttentionSite> Choose(Backbone backbone)
        => SiteSelector.Parse(Options.Sites).Select<AttentionSite>(backbone.Sites, "sites", backbone.DisplayName()).InLayers(Options.Layers, backbone);
}
