namespace DeltaTune.Sites;

/// <summary>A named place in a backbone where a delta may act.</summary>
/// <remarks>Created by backbones. Both of its paths can be addressed by a <see cref="SiteSelector"/>.</remarks>
public abstract class Site
{
    /// <summary>Names the place.</summary>
    /// <param name="role">What kind of place it is.</param>
    /// <param name="path">The path common to all backbones, such as <c>layers.3.attn.q</c>.</param>
    /// <param name="checkpointPath">The checkpoint's own, such as <c>bert.encoder.layer.3.attention.self.query</c>.</param>
    /// <param name="layer">The layer number from 0; null outside the layers.</param>
    protected Site(SiteRole role, string path, string checkpointPath, int? layer)
        => (Role, Path, CheckpointPath, Layer) = (role, path, checkpointPath, layer);

    /// <summary>Gets what kind of place it is.</summary>
    public SiteRole Role { get; }

    /// <summary>Gets the path common to all backbones, such as <c>layers.3.attn.q</c>.</summary>
    public string Path { get; private set; }

    /// <summary>Gets the checkpoint's own path, such as <c>bert.encoder.layer.3.attention.self.query</c>.</summary>
    public string CheckpointPath { get; private set; }

    /// <summary>Gets the layer number from 0; null outside the layers.</summary>
    public int? Layer { get; }

    /// <summary>Gets the other site that reads the same weight, as a vocabulary projection reads the token embeddings' table; null where the weight is this site's alone.</summary>
    public Site? TiedWith { get; private set; }

    /// <summary>Says that two sites read one weight. A backbone calls it when it makes them.</summary>
    /// <param name="one">A site.</param>
    /// <param name="other">Another.</param>
    public static void Tie(Site one, Site other)
    {
        ArgumentNullException.ThrowIfNull(one);
        ArgumentNullException.ThrowIfNull(other);
        (one.TiedWith, other.TiedWith) = (other, one);
    }

    /// <summary>Puts both paths of sites under a name: <c>layers.3.attn.q</c> becomes <c>text.layers.3.attn.q</c>. A backbone that is made of backbones calls it when it is made.</summary>
    /// <param name="name">Of the part, without a dot at its end: <c>text</c>.</param>
    /// <param name="sites">The part's, before a delta has seen them.</param>
    public static void Under(string name, IEnumerable<Site> sites)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        ArgumentNullException.ThrowIfNull(sites);
        foreach (Site site in sites)
        {
            (site.Path, site.CheckpointPath) = ($"{name}.{site.Path}", $"{name}.{site.CheckpointPath}");
        }
    }

    /// <inheritdoc/>
    public override string ToString() => Path;
}
