namespace DeltaTune.Prompts.Tasks.GraphQa;

/// <summary>What a transformer needs to answer a question (Sanford et al. 2024, https://arxiv.org/abs/2405.18512, §3).</summary>
internal enum GraphQuestionClass
{
    /// <summary>One layer that looks things up and adds them up.</summary>
    Retrieval,

    /// <summary>As many layers as the logarithm of the number of nodes.</summary>
    Parallelizable,

    /// <summary>As many layers, and wider ones.</summary>
    Search,

    /// <summary>All triples of nodes looked at.</summary>
    SubgraphCounting,
}
