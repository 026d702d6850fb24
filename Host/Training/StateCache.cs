using DeltaTune.Backbones;
using DeltaTune.Batches;
using DeltaTune.Prompts;
using TorchSharp;
using static TorchSharp.torch;

namespace DeltaTune.Host.Training;

/// <summary>The hidden states that enter layer k of every row of a split, computed once and read again in every epoch.</summary>
/// <remarks>
/// Valid where nothing acts or trains before layer k (<see cref="StateDepth"/>) and the backbone is in evaluation mode, so that nothing is dropped there.
/// Rows are computed in fixed groups of similar length, each when one of its rows is first asked for: so the numbers depend on neither the order of the
/// batches nor on where a resumed run began. They differ from those computed in a batch of another width by rounding alone. Where k is the number of layers
/// and a read-out is known, only the positions that are read are kept. Rows beyond the memory limit are computed each time, as far as layer k with the batch.
/// </remarks>
internal sealed class StateCache : IKnownStates
{
    private readonly TuningModel _model;
    private readonly IPartwiseBackbone _backbone;
    private readonly IReadOnlyList<EncodedInput> _rows;
    private readonly ReadOutKind? _reads;
    private readonly int[][] _groups;     // rows computed together
    private readonly int[] _groupOf;      // by row; -1 beyond the memory limit
    private readonly long[] _firsts;      // by row: where its states begin
    private readonly bool[] _known;       // by group
    private readonly int _perRow;         // states kept of each row; 0 for all of its positions
    private readonly Tensor _states;      // [1 + states, hidden]; the first is 0, for padding
    private StatePositions _positions = StatePositions.All;

    private StateCache(TuningModel model, EncodedSplit split, int depth, int perRow, int[][] groups, ScalarType type)
    {
        (_model, _backbone, _rows, Depth, _perRow) = (model, (IPartwiseBackbone)model.Backbone, split.Rows, depth, perRow);
        _reads = model.Verbalizer.Reads;
        (_groups, _known) = (groups, new bool[groups.Length]);
        _groupOf = new int[_rows.Count];
        _firsts = new long[_rows.Count];
        Array.Fill(_groupOf, -1);
        long next = 1;
        for (int g = 0; g < groups.Length; g++)
        {
            foreach (int row in groups[g])
            {
                (_groupOf[row], _firsts[row]) = (g, next);
                next += Kept(row);
            }
        }

        using DisposeScope scope = NewDisposeScope();
        using IDisposable off = no_grad();
        _states = empty([next, model.Backbone.Description.HiddenSize], dtype: type, device: model.Device).DetachFromDisposeScope();
        _states.narrow(0, 0, 1).zero_();
        Bytes = next * model.Backbone.Description.HiddenSize * type.ElementSize();
    }

    /// <inheritdoc/>
    public int Depth { get; }

    /// <inheritdoc/>
    public int Rows => _groups.Sum(g => g.Length);

    /// <inheritdoc/>
    public long Bytes { get; }

    /// <summary>Makes a cache for each of some splits, one after the other, as far as the memory reaches.</summary>
    /// <inheritdoc cref="TryGive"/>
    public static IReadOnlyList<IKnownStates> GiveAll(TuningModel model, IReadOnlyList<EncodedSplit> splits, int groupSize, long limit)
    {
        List<IKnownStates> given = [];
        foreach (EncodedSplit split in splits)
        {
            long left = limit - given.Sum(s => s.Bytes);
            IKnownStates? states = (IKnownStates?)TryGive(model, split, groupSize, left) ?? PooledCache.TryGive(model, split, groupSize, left);
            if (states is not null)
            {
                given.Add(states);
            }
        }

        return given;
    }

    /// <summary>Makes a cache for a split, empty, and gives it to the split, where states can be kept.</summary>
    /// <param name="model">Bound and attached; its backbone in evaluation mode whenever the cache is asked.</param>
    /// <param name="split">Encoded.</param>
    /// <param name="groupSize">Rows computed together, at most.</param>
    /// <param name="limit">The memory that may be taken, in bytes. The longest rows are kept first: they cost most.</param>
    /// <returns>
    /// The cache, the caller's to dispose; null where something acts or trains in the first layer or before, the backbone cannot stop at a layer, the verbalizer runs it in its own way, there is no
    /// room for a row, rows go through parallel lanes, or they are padded on the left, where some backbones count a row's positions from its padding.
    /// </returns>
    public static StateCache? TryGive(TuningModel model, EncodedSplit split, int groupSize, long limit)
    {
        int layers = model.Backbone.Description.Layers;
        if (model.Backbone is not IPartwiseBackbone || model.Verbalizer is IMultiPassVerbalizer { NeedsOnePass: false } || model.Composite?.Lanes.Count > 1 || split.Rows.Any(r => r is not EncodedText { PadsLeft: false }) || StateDepth.Of(model.Backbone) is not (> 0 and var depth))
        {
            return null;
        }

        int perRow = depth == layers ? ReadOfRow(model.Verbalizer.Reads, split.Rows) : 0;
        ScalarType type = model.Backbone.parameters().First().dtype;
        long size = model.Backbone.Description.HiddenSize * type.ElementSize(), left = limit - size;
        List<int[]> groups = [];
        foreach (int[] rows in BatchPlan.ByLength(split.Lengths, groupSize))
        {
            long needed = rows.Sum(r => perRow > 0 ? perRow : (long)split.Rows[r].Length) * size;
            if (needed > left)
            {
                break;
            }

            left -= needed;
            groups.Add(rows);
        }

        return groups.Count == 0 ? null : (StateCache)(split.States = new StateCache(model, split, depth, perRow, [.. groups], type));
    }

    /// <inheritdoc/>
    public Hidden Forward(IReadOnlyList<int> rows)
    {
        if (_model.Backbone.training)
        {
            throw new InvalidOperationException("states are known of a backbone in evaluation mode, but it is in training mode, in which it drops and moves its statistics");
        }

        foreach (int group in rows.Select(r => _groupOf[r]).Where(g => g >= 0 && !_known[g]).Distinct().ToArray())
        {
            Compute(group);
        }

        var batch = (TextBatch)_model.Collate([.. rows.Select(r => _rows[r])]); // before the scope: it is the caller's
        using DisposeScope scope = NewDisposeScope();
        Hidden last = _backbone.RunFrom(new Hidden(Gather(rows, batch.InputIds.device), batch, _positions), Depth, _reads);
        return last with { States = last.States.MoveToOuterDisposeScope() };
    }

    /// <summary>Frees the states.</summary>
    public void Dispose() => _states.Dispose();

    // How many states a read-out reads of each row: 0 where it is not the same number of all.
    private static int ReadOfRow(ReadOutKind reads, EncodedInput[] rows)
    {
        int masks = ((EncodedText)rows[0]).MaskPositions.Length;
        return reads switch
        {
            ReadOutKind.Pooled => 1,
            ReadOutKind.MaskStates or ReadOutKind.MaskLogits when rows.All(r => ((EncodedText)r).MaskPositions.Length == masks) => masks,
            _ => 0,
        };
    }

    private int Kept(int row) => _perRow > 0 ? _perRow : _rows[row].Length;

    private void Compute(int group)
    {
        using DisposeScope scope = NewDisposeScope();
        using IDisposable off = no_grad();
        int[] rows = _groups[group];
        (Tensor found, int width) = Run(rows);                                                // [rows · width, hidden]
        Tensor places = tensor([.. Places(rows, width)], dtype: ScalarType.Int64, device: found.device);
        _states.narrow(0, _firsts[rows[0]], places.size(0)).copy_(found.index_select(0, places));
        _known[group] = true;
    }

    // The states of rows up to layer k, as computed: [rows · width, hidden].
    private (Tensor Found, int Width) Run(int[] rows)
    {
        ModelBatch batch = _model.Collate([.. rows.Select(r => _rows[r])]);
        Hidden entering = _backbone.RunTo(batch, Depth, _perRow > 0 ? _reads : null);
        if (_perRow > 0 == (entering.Positions == StatePositions.All))
        {
            throw new InvalidOperationException($"'{_model.Backbone.Description.Family}' must leave {(_perRow > 0 ? $"the {_perRow} states of each row that {_reads} reads" : "the states of all positions")} at layer {Depth}, but left {entering.Positions}");
        }

        _positions = entering.Positions;
        return (entering.States.flatten(0, 1), (int)entering.States.size(1));
    }

    // Where the states of rows stand among those of a batch of that width, flattened: one row after the other, without padding.
    private IEnumerable<long> Places(int[] rows, int width)
        => Enumerable.Range(0, rows.Length).SelectMany(r => Enumerable.Range(0, Kept(rows[r])).Select(c => ((long)r * width) + c));

    // [rows, width, hidden]: known states from where they are kept, the others computed now.
    private Tensor Gather(IReadOnlyList<int> rows, Device device)
    {
        using DisposeScope scope = NewDisposeScope();
        using IDisposable off = no_grad();
        int width = rows.Max(Kept);
        long[] from = new long[rows.Count * width]; // 0: padding
        for (int r = 0; r < rows.Count; r++)
        {
            for (int c = 0; _groupOf[rows[r]] >= 0 && c < Kept(rows[r]); c++)
            {
                from[(r * width) + c] = _firsts[rows[r]] + c;
            }
        }

        Tensor states = _states.index_select(0, tensor(from, device: device));
        int[] others = [.. Enumerable.Range(0, rows.Count).Where(r => _groupOf[rows[r]] < 0)];
        if (others.Length > 0)
        {
            int[] unknown = [.. others.Select(r => rows[r])];
            (Tensor found, int own) = Run(unknown);
            long[] to = [.. others.SelectMany(r => Enumerable.Range(0, Kept(rows[r])).Select(c => ((long)r * width) + c))];
            states.index_copy_(0, tensor(to, device: device), found.index_select(0, tensor([.. Places(unknown, own)], dtype: ScalarType.Int64, device: device)));
        }

        return states.view(rows.Count, width, -1).MoveToOuterDisposeScope();
    }
}
