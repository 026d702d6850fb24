using static TorchSharp.torch;

namespace DeltaTune.Sites;

/// <summary>A site that maps the last dimension of a tensor: a linear map, a stream, or a whole sublayer.</summary>
public abstract class MapSite : FunctionSite<Tensor, Tensor>
{
    /// <inheritdoc cref="Site(SiteRole, string, string, int?)"/>
    /// <param name="role">What kind of place it is.</param>
    /// <param name="path">The common path.</param>
    /// <param name="checkpointPath">The checkpoint's path.</param>
    /// <param name="layer">The layer number; null outside the layers.</param>
    /// <param name="inFeatures">The size of the input's last dimension.</param>
    /// <param name="outFeatures">The size of the output's last dimension.</param>
    protected MapSite(SiteRole role, string path, string checkpointPath, int? layer, long inFeatures, long outFeatures)
        : base(role, path, checkpointPath, layer)
        => (InFeatures, OutFeatures) = (inFeatures, outFeatures);

    /// <summary>Gets the size of the input's last dimension.</summary>
    public long InFeatures { get; }

    /// <summary>Gets the size of the output's last dimension.</summary>
    public long OutFeatures { get; }
}
