using System.Runtime.Serialization;

namespace DeltaTune.Backbones.Pretraining.Graphs;

/// <summary>What a graph network learns to tell.</summary>
public enum GraphObjective
{
    /// <summary>The elements of hidden atoms (Hu et al. 2020, arXiv:1905.12265, §3.1.2).</summary>
    [EnumMember(Value = "attribute-masking")]
    AttributeMasking,

    /// <summary>Properties of the molecule that its structure alone gives: counts of atoms, rings, bonds.</summary>
    [EnumMember(Value = "properties")]
    Properties,

    /// <summary>Which pairs of nodes have an edge (Hamilton et al. 2017, arXiv:1706.02216, §3.2; EdgePred of Hu et al. 2020, §5.2; GPPT, Sun et al. 2022).</summary>
    [EnumMember(Value = "edge-prediction")]
    EdgePrediction,

    /// <summary>Which of some nodes has an edge to another, by the cosine of their states (GraphPrompt, Liu et al. 2023, arXiv:2302.08043, equation 3).</summary>
    [EnumMember(Value = "edge-similarity")]
    EdgeSimilarity,

    /// <summary>Which surroundings belong to which neighbourhood (Hu et al. 2020, §3.1.1).</summary>
    [EnumMember(Value = "context-prediction")]
    ContextPrediction,

    /// <summary>Which two changed copies are of one molecule, or of the part of a graph around one node (You et al. 2020, GraphCL, arXiv:2010.13902).</summary>
    [EnumMember(Value = "contrastive")]
    Contrastive,
}
