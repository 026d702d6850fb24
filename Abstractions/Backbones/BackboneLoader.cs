namespace DeltaTune.Backbones;

/// <summary>Reads a backbone from the files that its options name.</summary>
public abstract class BackboneLoader
{
    /// <summary>Reads the configuration alone: fast, without libtorch, so that a run file can be checked before anything heavy.</summary>
    /// <returns>The description.</returns>
    /// <exception cref="InvalidRunException">The folder, its configuration or its tokenizer is missing or broken.</exception>
    public abstract BackboneDescription Describe();

    /// <summary>Reads the network, on the CPU, in evaluation mode, with no parameter requiring a gradient.</summary>
    /// <returns>The backbone, the caller's to dispose.</returns>
    /// <exception cref="InvalidRunException">The checkpoint is missing, truncated, misshapen or not finite: the sentence names file and tensor.</exception>
    public abstract Backbone Load();
}
