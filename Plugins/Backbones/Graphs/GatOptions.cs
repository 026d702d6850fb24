using System.ComponentModel.DataAnnotations;

namespace DeltaTune.Backbones.Graphs;

/// <summary>Settings of the <c>gat</c> backbone.</summary>
public sealed record GatOptions : GraphNetworkOptions
{
    /// <summary>Gets how a node weighs its neighbours; molecules have the first kind.</summary>
    /// <value>The default is <c>v1</c>.</value>
    public AttentionKind Attention { get; init; }

    /// <summary>Gets the number of attention heads.</summary>
    /// <value>1 or more. The default is the checkpoint's; 2 without one, as in snap-stanford/pretrain-gnns, chem/model.py. Needed for a checkpoint of type <c>transformer</c>, which does not tell.</value>
    [Range(1, 1024)]
    public int? Heads { get; init; }

    /// <summary>Gets the number of attention heads of the last layer, which are averaged, in the scheme <c>features</c>.</summary>
    /// <value>1 or more. The default, null, is as many as the other layers have, put together as theirs; Veličković et al. 2018, §3.3, take 1, and 8 for Pubmed.</value>
    [Range(1, 1024)]
    public int? OutputHeads { get; init; }

    /// <summary>Gets the probability of dropping a neighbour's weight after the softmax, head by head, in training of the backbone itself.</summary>
    /// <value>0 or more, below 1. The default is 0; Veličković et al. 2018, §3.3, take 0.6.</value>
    [Range(0.0, 1.0, MaximumIsExclusive = true)]
    public double AttentionDropout { get; init; }

    /// <summary>Gets whether the heads' results are averaged, not put one after the other, where the checkpoint has no bias that tells; molecules average.</summary>
    /// <value>The default is false, as in GATConv of PyG.</value>
    public bool AverageHeads { get; init; }

    /// <summary>Gets the slope of the leaky ReLU below 0.</summary>
    /// <value>0 or more. The default is 0.2, as in Veličković et al. 2018, §2.1.</value>
    [Range(0, double.MaxValue)]
    public double NegativeSlope { get; init; } = 0.2;

    /// <summary>Gets whether one map serves a node as source and as target, in the type <c>v2</c>.</summary>
    /// <value>The default is false, as in GATv2Conv of PyG.</value>
    public bool ShareWeights { get; init; }

    /// <summary>Gets whether a node weighs itself too, in the types <c>v1</c> and <c>v2</c> and the scheme <c>features</c>; molecules do.</summary>
    /// <value>The default is true, as in GATConv of PyG.</value>
    public bool SelfLoops { get; init; } = true;

    /// <summary>Gets how many numbers an edge of an untrained network carries, in the scheme <c>features</c>.</summary>
    /// <value>1 or more. The default, null, is none.</value>
    [Range(1, 65536)]
    public int? EdgeFeatures { get; init; }
}
