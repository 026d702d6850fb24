using DeltaTune.Backbones;
using DeltaTune.Batches;
using DeltaTune.Prompts;
using TorchSharp;
using static TorchSharp.torch;

namespace DeltaTune.Host.Training;

/// <summary>The pooled vector of every graph of a split, computed once and read again in every epoch.</summary>
/// <remarks>
/// Valid where nothing acts or trains in the backbone (<see cref="StateDepth"/>), which is in evaluation mode, so that nothing is dropped and no statistics move. The vectors are computed
/// in fixed groups of graphs of similar size, before the first is asked for: so the numbers depend on neither the order of the batches nor on where a resumed run began.
/// </remarks>
internal sealed class PooledCache : IKnownStates
{
    private readonly TuningModel _model;
    private readonly EncodedSplit _split;
    private readonly int _groupSize;
    private Tensor? _pooled; // [rows, pooled]; null until it is asked for

    private PooledCache(TuningModel model, EncodedSplit split, int groupSize) => (_model, _split, _groupSize) = (model, split, groupSize);

    /// <inheritdoc/>
    public int Depth => _model.Backbone.Description.Layers;

    /// <inheritdoc/>
    public int Rows => _split.Rows.Length;

    /// <inheritdoc/>
    public long Bytes => Size(_model, Rows);

    /// <summary>Makes a cache for a split, empty, and gives it to the split, where pooled vectors are all that is read and stay the same.</summary>
    /// <param name="model">Bound and attached; its backbone in evaluation mode whenever the cache is asked.</param>
    /// <param name="split">Encoded.</param>
    /// <param name="groupSize">Rows computed together, at most.</param>
    /// <param name="limit">The memory that may be taken, in bytes.</param>
    /// <returns>
    /// The cache, the caller's to dispose; null where something acts or trains in the backbone, where a row is a node, whose neighbours may be drawn anew each time, where the verbalizer
    /// reads something else or runs the backbone in its own way, where rows go through parallel lanes, and where there is no room for all rows.
    /// </returns>
    public static PooledCache? TryGive(TuningModel model, EncodedSplit split, int groupSize, long limit)
    {
        bool isRead = model.Verbalizer is not IMultiPassVerbalizer && model.Verbalizer.Reads == ReadOutKind.Pooled && !(model.Composite?.Lanes.Count > 1);
        return isRead && Size(model, split.Rows.Length) <= limit && split.Rows.All(r => r is EncodedGraph { ReadNode: null }) && StateDepth.Of(model.Backbone) == model.Backbone.Description.Layers
            ? (PooledCache)(split.States = new PooledCache(model, split, groupSize))
            : null;
    }

    /// <inheritdoc/>
    /// <remarks>Each graph stands in the batch as one node, which has its pooled vector and is read out at: what a backbone reads at a node is the node's state.</remarks>
    public Hidden Forward(IReadOnlyList<int> rows)
    {
        if (_model.Backbone.training)
        {
            throw new InvalidOperationException("pooled vectors are known of a backbone in evaluation mode, but it is in training mode, in which it drops and moves its statistics");
        }

        Tensor all = _pooled ??= Compute();
        using DisposeScope scope = NewDisposeScope();
        Tensor wanted = tensor([.. rows.Select(r => (long)r)], dtype: ScalarType.Int64, device: all.device);
        var batch = new GraphBatch
        {
            Nodes = empty([rows.Count, 0], device: all.device).MoveToOuterDisposeScope(),
            EdgeIndex = empty([2L, 0], dtype: ScalarType.Int64, device: all.device).MoveToOuterDisposeScope(),
            NodeGraph = arange(rows.Count, dtype: ScalarType.Int64, device: all.device).MoveToOuterDisposeScope(),
            Graphs = rows.Count,
            ReadNodes = arange(rows.Count, dtype: ScalarType.Int64, device: all.device).MoveToOuterDisposeScope(),
        };
        return new Hidden(all.index_select(0, wanted).MoveToOuterDisposeScope(), batch);
    }

    /// <inheritdoc/>
    public void Dispose() => _pooled?.Dispose();

    private static long Size(TuningModel model, int rows)
        => (long)rows * (model.Backbone.Description.PooledSize ?? model.Backbone.Description.HiddenSize) * model.Backbone.parameters().First().dtype.ElementSize();

    private Tensor Compute()
    {
        using DisposeScope scope = NewDisposeScope();
        using IDisposable off = no_grad();
        var read = new ReadOut(ReadOutKind.Pooled);
        List<Tensor> parts = [];
        List<long> order = [];
        foreach (int[] rows in BatchPlan.ByLength(_split.Lengths, _groupSize))
        {
            using DisposeScope group = NewDisposeScope();
            Hidden hidden = _model.Forward([.. rows.Select(r => _split.Rows[r])]);
            parts.Add(_model.Backbone.Read(hidden, read).MoveToOuterDisposeScope());
            order.AddRange(rows.Select(r => (long)r));
        }

        Tensor found = cat(parts, 0);                                                // [rows, pooled], the largest graphs first
        return empty_like(found).index_copy_(0, tensor([.. order], dtype: ScalarType.Int64, device: found.device), found).DetachFromDisposeScope();
    }
}
