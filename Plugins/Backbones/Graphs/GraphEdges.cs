using DeltaTune.Batches;
using static TorchSharp.torch;

namespace DeltaTune.Backbones.Graphs;

/// <summary>What the layers of one pass share of its edges, each made once, when a convolution prepares. Its tensors live in the dispose scope of the pass.</summary>
internal sealed class GraphEdges
{
    /// <summary>The type of the bond from an atom to itself; its direction is 0 (pretrain-gnns, chem/model.py).</summary>
    public const int SelfLoopType = 4;

    private readonly GraphBatch _batch;
    private readonly Tensor _inputs;                  // [nodes, features]
    private readonly IReadOnlyList<long> _categories; // bond types and directions
    private readonly Dictionary<LoopRule, EdgeList> _lists = [];
    private Tensor? _bonds;                           // float [nodes, types + directions]
    private Tensor? _listed;                          // float [edges + nodes, types + directions]
    private Segments? _graphs;
    private DenseNodes? _dense;
    private RelationEdges? _relations;
    private DegreeNormalisation? _normalised;

    /// <param name="batch">The batch as the layers see it.</param>
    /// <param name="inputs">The nodes' embeddings <c>[nodes, features]</c>: their number and type.</param>
    /// <param name="categories">How many bond types and directions there are; empty where edges carry none.</param>
    public GraphEdges(GraphBatch batch, Tensor inputs, IReadOnlyList<long> categories)
    {
        (_batch, _inputs, _categories, First) = (batch, inputs, categories, inputs);
        Given = new EdgeList(batch.EdgeIndex.select(0, 0), batch.EdgeIndex.select(0, 1), inputs.size(0), categories.Count == 0 ? batch.Edges : null);
        _lists.Add(LoopRule.Keep, Given);
    }

    /// <summary>Gets or sets what the first layer reads, before anything of it is dropped, <c>[nodes, in]</c>.</summary>
    public Tensor First { get; set; }

    /// <summary>Gets the edges as the batch has them.</summary>
    public EdgeList Given { get; }

    /// <summary>Gets the bond of every edge, and then of every node's loop, as a 1 at its type and a 1 at its direction, <c>[edges + nodes, types + directions]</c>.</summary>
    public Tensor Bonds => _listed!;

    /// <summary>Gets the graphs with their nodes.</summary>
    public Segments Graphs => _graphs ??= new Segments(_batch.NodeGraph, _batch.Graphs, ascending: true);

    /// <summary>The edges by their relations.</summary>
    /// <param name="count">How many relations there are.</param>
    public RelationEdges Relations(long count) => _relations ??= new RelationEdges(
        Given, _batch.Edges is { } edges && edges.size(0) > 0 ? edges.select(1, 0) : zeros([0], ScalarType.Int64, _inputs.device), count, _inputs);

    /// <summary>Gets the nodes of each graph side by side.</summary>
    public DenseNodes Dense => _dense ??= new DenseNodes(Graphs, _batch.NodeGraph, _inputs);

    /// <summary>The edges with loops as a rule says.</summary>
    public EdgeList With(LoopRule rule)
    {
        if (!_lists.TryGetValue(rule, out EdgeList? list))
        {
            list = rule == LoopRule.Drop ? WithoutLoops() : WithLoops(With(rule == LoopRule.Append ? LoopRule.Keep : LoopRule.Drop));
            _lists.Add(rule, list);
        }

        return list;
    }

    /// <summary>The edges scaled by the degrees of their ends.</summary>
    /// <param name="rule">Keep: no loops but those that there are; replace, append: a loop at each node.</param>
    /// <param name="isWeighted">Whether the first number of an edge is its weight.</param>
    public DegreeNormalisation Normalised(LoopRule rule, bool isWeighted) => _normalised ??= Normalise(rule, isWeighted);

    /// <summary>Counts in the current dispose scope, for <see cref="AddBonds"/>, how many edges of each type, and of each direction, end at a node; a loop stands at every node.</summary>
    /// <param name="sending">How much an edge from each node counts, <c>[nodes, 1]</c>; null for 1.</param>
    public void CountBonds(Tensor? sending = null)
    {
        if (_bonds is not null)
        {
            return;
        }

        long nodes = _inputs.size(0), types = _categories[0], width = types + _categories[1];
        Tensor counts = zeros([nodes * width], dtype: _inputs.dtype, device: _inputs.device);
        if (_batch.Edges is { } edges && edges.size(0) > 0)
        {
            Tensor row = Given.Targets * width;
            Tensor cells = cat([row + edges.select(1, 0), row + types + edges.select(1, 1)], 0);
            Tensor amounts = sending is null
                ? ones([cells.size(0)], dtype: counts.dtype, device: counts.device)
                : Given.Sent(sending).view(-1).repeat(2);
            counts.index_add_(0, cells, amounts, 1);
        }

        counts = counts.view(nodes, width);
        Tensor loops = sending is null ? ones([nodes], dtype: counts.dtype, device: counts.device) : sending.view(-1);
        counts.select(1, SelfLoopType).add_(loops);
        counts.select(1, types).add_(loops);
        _bonds = counts;
    }

    /// <summary>Adds the embeddings of the bonds that end at each node, its own self-loop among them, in place.</summary>
    /// <param name="sums"><c>[nodes, features]</c>, changed.</param>
    /// <param name="types">The table of bond types, <c>[types, features]</c>.</param>
    /// <param name="directions">The table of bond directions, <c>[directions, features]</c>.</param>
    /// <remarks>Σ over a node's edges of type + direction is its count of each, times the tables: one small product instead of a vector an edge.</remarks>
    public void AddBonds(Tensor sums, Tensor types, Tensor directions)
    {
        using Tensor tables = cat([types, directions], 0);                           // [types + directions, features]
        sums.addmm_(_bonds!, tables, 1, 1);
    }

    /// <summary>Sums the embeddings of the bonds that end at each node, its own self-loop among them.</summary>
    /// <param name="types">The table of bond types, <c>[types, features]</c>.</param>
    /// <param name="directions">The table of bond directions, <c>[directions, features]</c>.</param>
    /// <returns>A new tensor <c>[nodes, features]</c>.</returns>
    public Tensor SumBonds(Tensor types, Tensor directions)
    {
        using Tensor tables = cat([types, directions], 0);                           // [types + directions, features]
        return _bonds!.mm(tables);
    }

    /// <summary>Writes in the current dispose scope what <see cref="Bonds"/> gives.</summary>
    public void ListBonds()
    {
        if (_listed is not null)
        {
            return;
        }

        long given = _batch.Edges is { } there ? there.size(0) : 0, types = _categories[0];
        _listed = zeros([given + _inputs.size(0), types + _categories[1]], dtype: _inputs.dtype, device: _inputs.device);
        if (given > 0)
        {
            Tensor kinds = _batch.Edges! + tensor([0L, types], ScalarType.Int64, _inputs.device);
            _listed.narrow(0, 0, given).scatter_(1, kinds, ones_like(kinds, _inputs.dtype));
        }

        Tensor loops = _listed.narrow(0, given, _inputs.size(0));
        loops.select(1, SelfLoopType).fill_(1);
        loops.select(1, types).fill_(1);
    }

    private EdgeList WithoutLoops()
    {
        Tensor kept = Given.Sources.ne(Given.Targets).nonzero().flatten();
        return new EdgeList(Given.Sources.index_select(0, kept), Given.Targets.index_select(0, kept), _inputs.size(0), Given.Numbers?.index_select(0, kept));
    }

    private EdgeList WithLoops(EdgeList edges)
    {
        Tensor all = arange(_inputs.size(0), ScalarType.Int64, _inputs.device);
        Tensor? numbers = edges.Numbers is { } carried ? cat([carried, edges.Nodes.Mean(carried)], 0) : null;
        return new EdgeList(cat([edges.Sources, all], 0), cat([edges.Targets, all], 0), _inputs.size(0), numbers);
    }

    private DegreeNormalisation Normalise(LoopRule rule, bool isWeighted)
    {
        EdgeList edges = With(rule == LoopRule.Replace ? LoopRule.Drop : LoopRule.Keep);
        Tensor? weights = isWeighted ? edges.Numbers!.narrow(1, 0, 1) : null;        // [edges, 1]
        return DegreeNormalisation.Of(edges, weights, rule == LoopRule.Keep ? null : LoopWeights(isWeighted), _inputs);
    }

    // 1, or what the loop that a node has already weighs
    private Tensor LoopWeights(bool isWeighted)
    {
        Tensor loops = ones([_inputs.size(0), 1], dtype: _inputs.dtype, device: _inputs.device);
        if (!isWeighted)
        {
            return loops;
        }

        Tensor there = Given.Sources.eq(Given.Targets).nonzero().flatten();
        return loops.index_copy(0, Given.Targets.index_select(0, there), Given.Numbers!.narrow(1, 0, 1).index_select(0, there));
    }
}
