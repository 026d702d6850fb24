using System.ComponentModel.DataAnnotations;
using DeltaTune.Options;

namespace DeltaTune.Backbones.Graphs;

/// <summary>Settings that the graph networks have in common. Sizes are the checkpoint's; where one is given too, it must agree.</summary>
public abstract record GraphNetworkOptions : IValidatableObject
{
    /// <summary>Gets the checkpoint: a <c>.pth</c> or <c>.safetensors</c> file, or a folder with one.</summary>
    /// <value>The default, null, needs a <see cref="Seed"/>.</value>
    [PathOption]
    public string? Path { get; init; }

    /// <summary>Gets the seed of an untrained network, to compare with; only without <see cref="Path"/>.</summary>
    /// <value>0 or more. The default is null.</value>
    [Range(0, long.MaxValue)]
    public long? Seed { get; init; }

    /// <summary>Gets what nodes and edges carry.</summary>
    /// <value>The default is molecules.</value>
    public GraphScheme Scheme { get; init; }

    /// <summary>Gets the number of layers.</summary>
    /// <value>1 or more. The default is the checkpoint's; 5 without one, as in Hu et al. 2020, §5.1.</value>
    [Range(1, 1000)]
    public int? Layers { get; init; }

    /// <summary>Gets the size of a layer's output, in features.</summary>
    /// <value>1 or more. The default is the checkpoint's; 300 without one, from the same place.</value>
    [Range(1, 65536)]
    public int? HiddenSize { get; init; }

    /// <summary>Gets the size of the last layer's output, in the scheme <c>features</c>, where that is what the network answers: class scores, read by the verbalizer <c>scores</c>. Nothing is dropped of it.</summary>
    /// <value>1 or more. The default, null, is the size of the other layers; Kipf and Welling 2017, equation 9, end in the classes.</value>
    [Range(1, 65536)]
    public int? OutputSize { get; init; }

    /// <summary>Gets how many features a node has, in the scheme <c>features</c>.</summary>
    /// <value>1 or more. The default is the checkpoint's; needed without one.</value>
    [Range(1, 65536)]
    public int? Features { get; init; }

    /// <summary>Gets how node states become one vector a graph.</summary>
    /// <value>The default is the mean, as in snap-stanford/pretrain-gnns, chem/finetune.py.</value>
    public GraphPooling Pooling { get; init; }

    /// <summary>Gets how often set2set pooling looks at the nodes.</summary>
    /// <value>1 or more. The default is 2, as the last digit of pretrain-gnns' <c>set2set2</c> says.</value>
    [Range(1, 1000)]
    public int PoolingSteps { get; init; } = 2;

    /// <summary>Gets the name in the checkpoint of the pooling that has weights of its own.</summary>
    /// <value>The default is <c>pool</c>, as in snap-stanford/pretrain-gnns.</value>
    [Required, MinLength(1)]
    public string Pool { get; init; } = "pool";

    /// <summary>Gets which layers' states make up a node's representation.</summary>
    /// <value>The default is the last layer's, from the same place.</value>
    public JumpingKnowledge JumpingKnowledge { get; init; }

    /// <summary>Gets the name in the checkpoint of jumping knowledge that has weights of its own.</summary>
    /// <value>The default is <c>jk</c>, as in PyG's own networks.</value>
    [Required, MinLength(1)]
    public string Jump { get; init; } = "jk";

    /// <summary>Gets the function after each layer.</summary>
    /// <value>The default is ReLU, as in snap-stanford/pretrain-gnns; GAT on feature vectors takes ELU (Veličković et al. 2018, §3.3).</value>
    public GraphActivation Activation { get; init; }

    /// <summary>Gets how layers are tied together; layers of different sizes are not.</summary>
    /// <value>The default is none, as in the published networks.</value>
    public GraphConnections Connections { get; init; }

    /// <summary>Gets how many layers make a block that <see cref="Connections"/> ties together.</summary>
    /// <value>1 or more. The default, null, is 1; all layers where they are dense.</value>
    [Range(1, 1000)]
    public int? BlockLayers { get; init; }

    /// <summary>Gets the name in the checkpoint of a linear map from the features to the size of the layers, before the first one.</summary>
    /// <value>The default, null, is none, but for <c>gcn2</c>, <c>gps</c> and <c>rgcn</c> the name of their own.</value>
    [MinLength(1)]
    public string? InputMap { get; init; }

    /// <summary>Gets whether the last layer ends with the activation as the others do.</summary>
    /// <value>The default is false, as in snap-stanford/pretrain-gnns, chem/model.py.</value>
    public bool LastActivation { get; init; }

    /// <summary>Gets the probability of dropping an element after each layer, in training of the backbone itself.</summary>
    /// <value>0 or more, below 1. The default is 0.</value>
    [Range(0.0, 1.0, MaximumIsExclusive = true)]
    public double Dropout { get; init; }

    /// <summary>Gets the probability of dropping one of a node's features before the network reads them, in training of the backbone itself.</summary>
    /// <value>0 or more, below 1. The default is 0; Kipf and Welling 2017 take 0.5.</value>
    [Range(0.0, 1.0, MaximumIsExclusive = true)]
    public double InputDropout { get; init; }

    /// <summary>Gets the probability of dropping an edge from a pass, in all layers alike, in training of the backbone itself; loops that a network adds stay.</summary>
    /// <value>0 or more, below 1. The default is 0; Schlichtkrull et al. 2018, §5.2, take 0.4 for R-GCN, and Rong et al. 2020, "DropEdge", arXiv:1907.10903, for others up to 0.8.</value>
    [Range(0.0, 1.0, MaximumIsExclusive = true)]
    public double EdgeDropout { get; init; }

    /// <summary>Gets the number added to the variances of norms.</summary>
    /// <value>Above 0. The default is 1e-5, as in torch.</value>
    [Range(0.0, 1.0, MinimumIsExclusive = true)]
    public double NormEpsilon { get; init; } = 1e-5;

    /// <summary>Gets the convolutions' names in the checkpoint, one a layer, in the scheme <c>features</c>.</summary>
    /// <value>The default, null, is <c>convs.0</c>, <c>convs.1</c>, ..., as in PyG's own networks.</value>
    public IReadOnlyList<string>? Convolutions { get; init; }

    /// <summary>Gets the norms' names in the checkpoint, one a layer, empty for none, in the scheme <c>features</c>.</summary>
    /// <value>The default, null, looks for <c>norms.0</c>, <c>norms.0.module</c>, <c>bns.0</c> and <c>batch_norms.0</c>, and so on for each layer.</value>
    public IReadOnlyList<string>? Norms { get; init; }

    /// <summary>Gets the classification head's name in the checkpoint.</summary>
    /// <value>The default is <c>graph_pred_linear</c>, as in snap-stanford/pretrain-gnns.</value>
    [Required, MinLength(1)]
    public string Head { get; init; } = "graph_pred_linear";

    /// <summary>Gets how many layers an untrained network has.</summary>
    internal int UntrainedLayers => Layers ?? Convolutions?.Count ?? 5;

    /// <summary>Gets the name of the convolution of layer i, in the scheme <c>features</c>.</summary>
    internal string ConvolutionName(int layer) => Convolutions?.ElementAtOrDefault(layer) ?? $"convs.{layer}";

    /// <inheritdoc/>
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if ((Path is null) == (Seed is null))
        {
            yield return new ValidationResult(Path is null
                ? "must name a checkpoint, or there must be a seed for an untrained network, but neither is given"
                : "must not be given with a seed: a checkpoint is not drawn at random", [nameof(Path)]);
        }

        if (Path is null && Scheme == GraphScheme.Features && Features is null)
        {
            yield return new ValidationResult("must be given for an untrained network in the scheme 'features', but is not", [nameof(Features)]);
        }

        if (Scheme == GraphScheme.Molecule && (Convolutions is not null || Norms is not null || Features is not null))
        {
            yield return new ValidationResult(
                "must be 'features' where convolutions, norms or features are given: molecule networks have names and inputs of their own", [nameof(Scheme)]);
        }

        if (Scheme == GraphScheme.Molecule && OutputSize is not null)
        {
            yield return new ValidationResult("must be left out in the scheme 'molecule', whose layers are of one size, but is given", [nameof(OutputSize)]);
        }

        if (Scheme == GraphScheme.Molecule && InputMap is not null)
        {
            yield return new ValidationResult("must be left out in the scheme 'molecule', whose atoms have embeddings, but is given", [nameof(InputMap)]);
        }

        if (BlockLayers is not null && Connections == GraphConnections.None)
        {
            yield return new ValidationResult("must be left out where connections are 'none', but is given", [nameof(BlockLayers)]);
        }

        if (Convolutions is { Count: 0 } || (Norms is not null && (Convolutions is null || Norms.Count != Convolutions.Count)))
        {
            yield return new ValidationResult(
                $"must have one name a layer, as convolutions has {Convolutions?.Count ?? 0} names, but has {Norms?.Count ?? 0}", [nameof(Norms)]);
        }
    }
}
