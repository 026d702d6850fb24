namespace DeltaTune.Backbones.Pretraining;

/// <summary>What token embeddings start from.</summary>
public enum TokenStart
{
    /// <summary>Normal noise.</summary>
    Noise,

    /// <summary>What stands near what in the corpus, factorised (Levy and Goldberg 2014): for short runs, which otherwise learn little else.</summary>
    Cooccurrence,
}
