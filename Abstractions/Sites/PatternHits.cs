namespace DeltaTune.Sites;

/// <summary>What one pattern of a selector hits, for people to look at.</summary>
/// <param name="Pattern">The pattern as written, with its <c>!</c>.</param>
/// <param name="Excludes">Whether it takes sites away.</param>
/// <param name="Sites">The sites that it hits, in the backbone's order, before exclusions.</param>
public sealed record PatternHits(string Pattern, bool Excludes, IReadOnlyList<Site> Sites);
