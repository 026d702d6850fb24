using static TorchSharp.torch;

namespace DeltaTune.Sites;

/// <summary>One delta's action at one site: it owns its parameters and wraps the site's function.</summary>
/// <remarks>Its parameters have the names, relative to the site, that they are saved under: <c>lora_A.weight</c>.</remarks>
public abstract class Effect : nn.Module
{
    /// <summary>Names the module.</summary>
    /// <param name="name">The class's name.</param>
    protected Effect(string name)
        : base(name)
    {
    }

    /// <summary>Gets or sets whether a call goes through the effect; when it does not, the site is as if it were detached.</summary>
    public bool Enabled { get; set; } = true;

    /// <summary>Gets or sets a factor on what the effect changes: 1 is as trained, 0 is nothing. No unit.</summary>
    public double Strength { get; set; } = 1;

    /// <summary>Attaches to a site.</summary>
    /// <param name="site">One whose function has this effect's types.</param>
    /// <exception cref="ArgumentException">The site is of another kind.</exception>
    public abstract void AttachTo(Site site);

    /// <summary>Detaches from a site.</summary>
    /// <param name="site">Nothing happens where the effect is not attached to it.</param>
    public abstract void DetachFrom(Site site);
}
