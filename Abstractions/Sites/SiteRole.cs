namespace DeltaTune.Sites;

/// <summary>What kind of place a site is.</summary>
public enum SiteRole
{
    /// <summary>One affine map, or a slice of a fused one.</summary>
    Linear,

    /// <summary>A hidden state at a named point, or a whole sublayer as a map from its input to its output.</summary>
    Stream,

    /// <summary>The keys and values of an attention.</summary>
    Attention,

    /// <summary>The input embeddings.</summary>
    Embeddings,

    /// <summary>One existing weight, bias or norm.</summary>
    Parameter,
}
