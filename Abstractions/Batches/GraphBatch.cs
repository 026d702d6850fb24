using static TorchSharp.torch;

namespace DeltaTune.Batches;

/// <summary>Several graphs as one graph of disjoint parts.</summary>
public sealed record GraphBatch : ModelBatch
{
    /// <summary>Gets the node features, int64 categories or float32 values, <c>[nodes, features]</c>.</summary>
    public required Tensor Nodes { get; init; }

    /// <summary>Gets source and target of each edge, int64 <c>[2, edges]</c>.</summary>
    public required Tensor EdgeIndex { get; init; }

    /// <summary>Gets the edge features, int64 categories or float32 values, <c>[edges, features]</c>; null without.</summary>
    public Tensor? Edges { get; init; }

    /// <summary>Gets the graph that each node belongs to, int64 <c>[nodes]</c>, ascending.</summary>
    public required Tensor NodeGraph { get; init; }

    /// <summary>Gets how many graphs there are.</summary>
    public required long Graphs { get; init; }

    /// <summary>Gets the nodes to read out at, int64 <c>[rows]</c>, for tasks on nodes; null for tasks on whole graphs.</summary>
    public Tensor? ReadNodes { get; init; }

    /// <summary>Gets the relation that each row asks about, int64 <c>[rows]</c>, beside <see cref="ReadNodes"/>; null for tasks that ask about none.</summary>
    public Tensor? ReadRelations { get; init; }

    /// <summary>Gets the nodes' texts, for a network that makes its node features of them; null elsewhere.</summary>
    public NodeTexts? Texts { get; init; }

    /// <inheritdoc/>
    public override long Rows => ReadNodes is null ? Graphs : ReadNodes.size(0);

    /// <inheritdoc/>
    public override void Dispose()
    {
        Nodes.Dispose();
        EdgeIndex.Dispose();
        Edges?.Dispose();
        NodeGraph.Dispose();
        ReadNodes?.Dispose();
        ReadRelations?.Dispose();
        Texts?.Dispose();
    }
}
