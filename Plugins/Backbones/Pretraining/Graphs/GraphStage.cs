using System.ComponentModel.DataAnnotations;

namespace DeltaTune.Backbones.Pretraining.Graphs;

/// <summary>One stage of a graph network's pretraining: what it learns, and for how long.</summary>
public sealed record GraphStage
{
    /// <summary>Gets what is learnt.</summary>
    /// <value>The default is attribute masking.</value>
    public GraphObjective Objective { get; init; }

    /// <summary>Gets the number of steps.</summary>
    /// <value>1 or more. The default is 1000.</value>
    [Range(1, long.MaxValue)]
    public long Steps { get; init; } = 1000;

    /// <summary>Gets the highest learning rate.</summary>
    /// <value>Above 0. The default is 1e-3, as in snap-stanford/pretrain-gnns, chem/pretrain_masking.py.</value>
    [Range(0, 1, MinimumIsExclusive = true)]
    public double LearningRate { get; init; } = 1e-3;

    /// <summary>Gets the share of atoms to hide, in attribute masking.</summary>
    /// <value>Above 0. The default is 0.15, from the same place.</value>
    [Range(0, 1, MinimumIsExclusive = true)]
    public double MaskRate { get; init; } = 0.15;

    /// <summary>Gets whether attribute masking hides the bonds of hidden atoms too, and has their types told.</summary>
    /// <value>The default is false, from the same place (<c>mask_edge</c> 0).</value>
    public bool MaskBonds { get; init; }

    /// <summary>Gets how many nodes without an edge are drawn for each with one, in edge prediction and edge similarity.</summary>
    /// <value>1 or more. The default is 1, as in GraphPrompt (Liu et al. 2023, §4.2) and in pretrain-gnns.</value>
    [Range(1, 1000)]
    public int Negatives { get; init; } = 1;

    /// <summary>Gets how much of a graph an augmentation changes, in contrastive learning.</summary>
    /// <value>The default is 0.2, as in GraphCL's code for molecules (<c>aug_ratio</c>).</value>
    [Range(0, 1, MinimumIsExclusive = true, MaximumIsExclusive = true)]
    public double AugmentationRate { get; init; } = 0.2;

    /// <summary>Gets the augmentations that contrastive learning draws from.</summary>
    /// <value>The default is all four of GraphCL (You et al. 2020, table 1).</value>
    [Required, MinLength(1)]
    public IReadOnlyList<GraphAugmentation> Augmentations { get; init; }
        = [GraphAugmentation.NodeDropping, GraphAugmentation.EdgePerturbation, GraphAugmentation.AttributeMasking, GraphAugmentation.Subgraph];

    /// <summary>Gets the temperature of the contrastive loss, and of edge similarity.</summary>
    /// <value>Above 0, no unit. The default is 0.1, as in GraphCL's code for molecules.</value>
    [Range(0, 100, MinimumIsExclusive = true)]
    public double Temperature { get; init; } = 0.1;

    /// <summary>Gets how batches of contrastive learning are put together from molecules, or nodes, that are alike.</summary>
    /// <value>The default, null, draws them at random.</value>
    public BatchSamplerOptions? BatchSampler { get; init; }
}
