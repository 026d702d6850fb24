namespace DeltaTune.Sites;

/// <summary>One thing that attaching does: put an effect at a site, or let a parameter train.</summary>
/// <param name="Site">The place.</param>
/// <param name="Effect">What acts there; null at a <see cref="ParameterSite"/>, which then trains itself.</param>
public sealed record SiteAction(Site Site, Effect? Effect);
