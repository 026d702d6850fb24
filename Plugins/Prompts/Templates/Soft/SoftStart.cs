namespace DeltaTune.Prompts.Templates;

/// <summary>What the rows of a soft prompt start as.</summary>
public enum SoftStart
{
    /// <summary>Embeddings of different words, drawn at random from the vocabulary without its special tokens (Lester et al. 2021, §3.2).</summary>
    Vocabulary,

    /// <summary>Embeddings of the vocabulary's first ids, whatever they are, as OpenPrompt 1.0 has it.</summary>
    FirstIds,

    /// <summary>Uniform random numbers.</summary>
    Uniform,
}
