namespace DeltaTune.Prompts.Verbalizers;

/// <summary>How a label word of several tokens is scored at one mask.</summary>
public enum MultiToken
{
    /// <summary>By its first token alone.</summary>
    First,

    /// <summary>By the highest of its tokens' scores.</summary>
    Max,

    /// <summary>By the mean of its tokens' scores.</summary>
    Mean,
}
