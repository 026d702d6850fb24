using DeltaTune.Backbones;
using DeltaTune.Deltas;
using DeltaTune.Sites;
using Newtonsoft.Json.Linq;

namespace DeltaTune.Adapters.Lora;

/// <summary>LoRA: a low-rank update of chosen linear maps, y = W₀x + b + (α/r)·B·A·x. Can be merged into the weights.</summary>
/// <remarks>Source: Hu et al. 2021, https://arxiv.org/abs/2106.09685. Differences are named on <see cref="LoraUpdate"/> and <see cref="LoraOptions"/>.</remarks>
public sealed class LoraDelta : Delta
{
    private readonly IReadOnlyList<LoraPlacement>? _placements; // as a file gave them; null: as the options say
    private readonly IReadOnlyList<ParameterSite> _trained;

    /// <summary>Creates the delta, for no backbone yet.</summary>
    /// <param name="options">Its settings.</param>
    public LoraDelta(LoraOptions options)
        : this(options, null, [], null)
    {
    }

    /// <summary>Creates the delta that a file describes, for one backbone.</summary>
    internal LoraDelta(LoraOptions options, IReadOnlyList<LoraPlacement>? placements, IReadOnlyList<ParameterSite> trained, JObject? source)
        : base("lora")
    {
        ArgumentNullException.ThrowIfNull(options);
        (Options, _placements, _trained, Source) = (options, placements, trained, source);
    }

    /// <summary>Gets the settings.</summary>
    internal LoraOptions Options { get; }

    /// <summary>Gets the configuration that the delta was read from, with all that we do not know of in it; null where it was made here.</summary>
    internal JObject? Source { get; }

    /// <summary>Gets the sites with rank and α; empty before attaching.</summary>
    internal IReadOnlyList<LoraPlacement> Placements { get; private set; } = [];

    /// <inheritdoc/>
    protected override IReadOnlyList<SiteAction> Plan(Backbone backbone)
    {
        ArgumentNullException.ThrowIfNull(backbone);
        Placements = _placements ?? LoraPlacement.From(Options, backbone);
        TorchSharp.torch.Device device = backbone.Device();
        IEnumerable<SiteAction> updates = Placements.Select(p => new SiteAction(
            p.Site,
            new LoraUpdate(p.Site, p.Rank, p.Alpha / (Options.Rslora ? Math.Sqrt(p.Rank) : p.Rank), Options.Dropout, Options.Init, device)));
        return [.. updates, .. Biases(backbone).Union(_trained).Select(site => new SiteAction(site, null))];
    }

    private IEnumerable<ParameterSite> Biases(Backbone backbone)
    {
        if (Options.Bias == LoraBias.None)
        {
            return [];
        }

        var wanted = Placements.Select(p => $"{p.Site.Path}.bias").ToHashSet(StringComparer.Ordinal);
        return backbone.Sites.OfType<ParameterSite>().Where(s =>
            Options.Bias == LoraBias.All ? s.Path.EndsWith(".bias", StringComparison.Ordinal) : wanted.Contains(s.Path));
    }
}
