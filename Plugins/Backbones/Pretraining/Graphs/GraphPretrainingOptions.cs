using System.ComponentModel.DataAnnotations;
using DeltaTune.Options;
using DeltaTune.Training;

namespace DeltaTune.Backbones.Pretraining.Graphs;

/// <summary>Settings of the <c>graph</c> pretraining: a graph network that learns from molecules, or from the nodes of one graph, without labels, in stages.</summary>
/// <remarks>The default sizes are those of Hu et al. 2020, arXiv:1905.12265.</remarks>
public sealed record GraphPretrainingOptions : IValidatableObject
{
    /// <summary>Gets what to learn from: a file with a SMILES first on each line, plain or gzip (<c>.gz</c>), or a folder with <c>nodes.tsv</c> and <c>edges.tsv</c> as the task <c>nodes</c>
    /// reads them, of which classes and splits are not looked at.</summary>
    /// <value>Needed.</value>
    [Required, MinLength(1), PathOption]
    public string Data { get; init; } = "";

    /// <summary>Gets the kind of network.</summary>
    /// <value>The default is <c>gin</c>.</value>
    public GraphNetworkKind Network { get; init; }

    /// <summary>Gets the stages, in order; each has a head of its own and goes on with the network of the one before.</summary>
    /// <value>One or more. The default is attribute masking, then properties.</value>
    public IReadOnlyList<GraphStage> Stages { get; init; } = [new GraphStage(), new GraphStage { Objective = GraphObjective.Properties }];

    /// <summary>Gets the number of layers.</summary>
    /// <value>1 or more. The default is 5.</value>
    [Range(1, 100)]
    public int Layers { get; init; } = 5;

    /// <summary>Gets the size of a layer's output, in features.</summary>
    /// <value>1 or more. The default is 300.</value>
    [Range(1, 16384)]
    public int HiddenSize { get; init; } = 300;

    /// <summary>Gets the dropout after each layer.</summary>
    /// <value>0 or more, below 1. The default is 0, as in snap-stanford/pretrain-gnns, chem/pretrain_masking.py.</value>
    [Range(0, 1, MaximumIsExclusive = true)]
    public double Dropout { get; init; }

    /// <summary>Gets the probability of dropping one of a node's features before the network reads them; of molecules none is dropped.</summary>
    /// <value>0 or more, below 1. The default is 0.</value>
    [Range(0, 1, MaximumIsExclusive = true)]
    public double InputDropout { get; init; }

    /// <summary>Gets the number of attention heads of a <c>gat</c>.</summary>
    /// <value>1 or more; it divides the hidden size. The default is 2, as in snap-stanford/pretrain-gnns, chem/model.py.</value>
    [Range(1, 1024)]
    public int Heads { get; init; } = 2;

    /// <summary>Gets whether batch norms follow the layers, for the nodes of one graph; molecule networks always have them.</summary>
    /// <value>The default is false, as in the networks of Kipf and Welling 2017.</value>
    public bool Norms { get; init; }

    /// <summary>Gets whether a node's features are divided by their sum, for the nodes of one graph; as in the task.</summary>
    /// <value>The default is true, as in Kipf and Welling 2017, §5.2.</value>
    public bool Normalise { get; init; } = true;

    /// <summary>Gets the most neighbours of a node that edge objectives take, a number a step; -1 for all of them.</summary>
    /// <value>The default, none, takes the whole graph in every step; for a graph too large for that as many as there are layers, as the task <c>nodes</c> has it.</value>
    public IReadOnlyList<int> FanOuts { get; init; } = [];

    /// <summary>Gets how many edges around a node the part of the graph reaches that contrasts are made of.</summary>
    /// <value>1 or more. The default is 2, as All-in-One's code cuts out parts.</value>
    [Range(1, 100)]
    public int Hops { get; init; } = 2;

    /// <summary>Gets the most nodes of such a part; the nearest are taken.</summary>
    /// <value>2 or more. The default is 30, from the same place.</value>
    [Range(2, 1_000_000)]
    public int PartNodes { get; init; } = 30;

    /// <summary>Gets the molecules, or nodes, of one step.</summary>
    /// <value>2 or more: contrasts need another. The default is 256, from the same place.</value>
    [Range(2, 65536)]
    public int BatchSize { get; init; } = 256;

    /// <summary>Gets how many steps of each stage the learning rate rises.</summary>
    /// <value>0 or more. The default is 50.</value>
    [Range(0, long.MaxValue)]
    public long WarmupSteps { get; init; } = 50;

    /// <summary>Gets how the learning rate goes after that, in each stage.</summary>
    /// <value>The default is cosine.</value>
    public ScheduleKind Schedule { get; init; } = ScheduleKind.Cosine;

    /// <summary>Gets AdamW's decoupled weight decay; biases and norms have none.</summary>
    /// <value>The default is 0, from the same place.</value>
    [Range(0, 1)]
    public double WeightDecay { get; init; }

    /// <summary>Gets the largest norm of the gradient; 0 for no limit.</summary>
    /// <value>The default is 5.</value>
    [Range(0, double.MaxValue)]
    public double ClipNorm { get; init; } = 5;

    /// <summary>Gets how many molecules, or nodes, are held out to measure on; a small set keeps nine tenths for training.</summary>
    /// <value>0 or more. The default is 1000.</value>
    [Range(0, 1_000_000)]
    public int HeldOut { get; init; } = 1000;

    /// <summary>Gets after how many steps the loss is logged.</summary>
    /// <value>The default is 20.</value>
    [Range(1, long.MaxValue)]
    public long LogSteps { get; init; } = 20;

    /// <summary>Gets after how many steps, besides the last of each stage, the held-out loss is measured.</summary>
    /// <value>The default is 200.</value>
    [Range(1, long.MaxValue)]
    public long HeldOutSteps { get; init; } = 200;

    /// <summary>Gets the time between checkpoints, in minutes.</summary>
    /// <value>The default is 10.</value>
    [Range(0, double.MaxValue, MinimumIsExclusive = true)]
    public double CheckpointMinutes { get; init; } = 10;

    /// <inheritdoc/>
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (Stages.Count == 0)
        {
            yield return new ValidationResult("must have one stage or more, but has none", [nameof(Stages)]);
        }
    }
}
