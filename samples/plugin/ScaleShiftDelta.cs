using DeltaTune.Backbones;
using DeltaTune.Deltas;
using DeltaTune.Sites;
using TorchSharp;

namespace ScaleShift;

/// <summary>Scales and shifts the features that linear sites give.</summary>
/// <param name="options">Where to act.</param>
public sealed class ScaleShiftDelta(ScaleShiftOptions options) : Delta(MethodName)
{
    /// <summary>The method's name in run files and in saved deltas.</summary>
    public const string MethodName = "scale-shift";

    /// <summary>Gets the settings.</summary>
    internal ScaleShiftOptions Options { get; } = options ?? throw new ArgumentNullException(nameof(options));

    /// <inheritdoc/>
    protected override IReadOnlyList<SiteAction> Plan(Backbone backbone)
    {
        ArgumentNullException.ThrowIfNull(backbone);
        torch.Device device = backbone.Sites.OfType<ParameterSite>().FirstOrDefault()?.Value.device ?? torch.CPU;
        IReadOnlyList<LinearSite> sites = SiteSelector.Parse(Options.Sites).Select<LinearSite>(backbone.Sites, "sites", backbone.Description.Family);
        return [.. sites.Select(site => new SiteAction(site, new ScaleShiftEffect(site.OutFeatures, device)))];
    }
}
