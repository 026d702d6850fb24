namespace DeltaTune.Host.Options;

/// <summary>What makes an evaluation on the validation split the best so far.</summary>
public enum BestKind
{
    /// <summary>A better score; among equal scores a lower loss.</summary>
    Score,

    /// <summary>A lower loss; among equal losses a better score.</summary>
    Loss,

    /// <summary>A score and a loss that are both at least as good as any so far. Patience ends only where neither is as good as any so far.</summary>
    Both,
}
