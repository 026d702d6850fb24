using DeltaTune.Backbones;
using DeltaTune.Batches;
using DeltaTune.Tasks;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace DeltaTune.Prompts.Verbalizers;

/// <summary>Scores every node v of the graph as what relation r leads to from node u: Σ_k h_u[k]·w_r[k]·h_v[k].</summary>
/// <remarks>
/// Sources: Yang et al. 2015, "Embedding Entities and Relations for Learning and Inference in Knowledge Bases", §3.1, https://arxiv.org/abs/1412.6575; on the states of an R-GCN, Schlichtkrull et
/// al. 2018, §4, https://arxiv.org/abs/1703.06103. The loss is the cross-entropy over all nodes of Lacroix et al. 2018, https://arxiv.org/abs/1806.07297, in place of theirs over single triples. With
/// n sampled negatives out of N nodes, each of them counts N/n times in the sum below the fraction, so that the sum is the whole one on average. w starts Glorot-uniform.
/// </remarks>
internal sealed class DistMultVerbalizer : Verbalizer, ILossVerbalizer
{
    private readonly DistMultVerbalizerOptions _options;
    private Parameter? _relations; // w, [relations, hidden]

    /// <summary>Creates the verbalizer; w is made when it is bound.</summary>
    /// <param name="options">Its settings.</param>
    public DistMultVerbalizer(DistMultVerbalizerOptions options)
        : base("distmult")
        => _options = options;

    /// <inheritdoc/>
    public override ReadOutKind Reads => ReadOutKind.States;

    /// <inheritdoc/>
    public override bool ScoresNodes => true;

    private Tensor Relations => _relations ?? throw new InvalidOperationException("a verbalizer must be bound before it scores");

    /// <inheritdoc/>
    public override void Bind(Backbone backbone, Template template, ITask task)
    {
        ArgumentNullException.ThrowIfNull(backbone);
        ArgumentNullException.ThrowIfNull(task);
        if (backbone.Description.Kind != BackboneKind.Graph)
        {
            throw new InvalidRunException("verbalizer", $"must suit the backbone: 'distmult' links nodes of graphs, but '{backbone.Description.Family}' reads text");
        }

        if (task.Labels != LabelKind.Node || task.RelationNames.Count == 0)
        {
            throw new InvalidRunException("verbalizer", $"must suit the task: 'distmult' ranks the nodes that relations lead to, but '{task.Name}' asks for no nodes by relations; the task 'links' does");
        }

        long relations = task.RelationNames.Count, features = backbone.Description.HiddenSize;
        double bound = Math.Sqrt(6.0 / (relations + features));
        _relations = new Parameter(empty([relations, features], device: TextBackbone.DeviceOf(backbone)).uniform_(-bound, bound));
        register_parameter("relations", _relations);
    }

    /// <inheritdoc/>
    public override Tensor Score(Hidden hidden)
    {
        using DisposeScope scope = NewDisposeScope();
        (Tensor nodes, Tensor query, _, _) = Read(hidden);
        return query.mm(nodes.t()).MoveToOuterDisposeScope();                                          // [rows, nodes]
    }

    /// <inheritdoc/>
    public Tensor Loss(Hidden hidden, Tensor labels)
    {
        using DisposeScope scope = NewDisposeScope();
        (Tensor nodes, Tensor query, Tensor own, Tensor relations) = Read(hidden);
        Tensor answers = nodes.index_select(0, labels);                                                // h_v, [rows, features]
        query = training && _options.Dropout > 0 ? nn.functional.dropout(query, _options.Dropout) : query;
        Tensor loss = _options.Negatives is { } negatives && negatives < nodes.size(0)
            ? Sampled(nodes, query, answers, labels, negatives)
            : nn.functional.cross_entropy(query.mm(nodes.t()), labels);
        if (_options.N3 > 0)
        {
            loss = loss.add((Cubes(own) + Cubes(relations) + Cubes(answers)) / labels.size(0), _options.N3);
        }

        return loss.MoveToOuterDisposeScope();
    }

    private static Tensor Cubes(Tensor x) => x.abs().pow(3).sum();

    // -log e^s / (e^s + N/n Σ e^s') over the negatives that are not the answer
    private static Tensor Sampled(Tensor nodes, Tensor query, Tensor answers, Tensor labels, int negatives)
    {
        Tensor drawn = randint(nodes.size(0), (long[])[negatives], ScalarType.Int64, CPU).to(nodes.device);     // from the step's own generator
        Tensor wrong = query.mm(nodes.index_select(0, drawn).t()) + Math.Log((double)nodes.size(0) / negatives); // [rows, negatives]
        wrong = wrong.masked_fill(labels.unsqueeze(1).eq(drawn.unsqueeze(0)), float.NegativeInfinity);
        Tensor right = (query * answers).sum(dim: 1);                                                  // [rows]
        return (cat([right.unsqueeze(1), wrong], 1).logsumexp(1) - right).mean();
    }

    // The nodes' states, h_u ∘ w_r, h_u and w_r, as float32.
    private (Tensor Nodes, Tensor Query, Tensor Own, Tensor Relations) Read(Hidden hidden)
    {
        var batch = (GraphBatch)hidden.Batch;
        if (batch is not { Graphs: 1, ReadNodes: { } asked, ReadRelations: { } by })
        {
            throw new InvalidRunException("verbalizer", batch.ReadRelations is null
                ? "'distmult' must be asked about a node and a relation in every example, but an example has none"
                : $"'distmult' must be asked about one graph in a batch, among whose nodes are the answers, but a batch has {batch.Graphs}");
        }

        Tensor nodes = hidden.States.to(ScalarType.Float32);                                           // [nodes, features]
        Tensor own = nodes.index_select(0, asked), relations = Relations.index_select(0, by);          // [rows, features]
        return (nodes, own * relations, own, relations);
    }
}
