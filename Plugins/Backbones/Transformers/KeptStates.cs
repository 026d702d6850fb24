using DeltaTune.Batches;
using TorchSharp;
using static TorchSharp.torch;

namespace DeltaTune.Backbones.Transformers;

/// <summary>The positions that a read-out reads: what the last layer keeps of them, and where they are then found.</summary>
internal static class KeptStates
{
    /// <summary>Takes the positions that a read-out reads.</summary>
    /// <param name="hidden">Of all positions, <c>[batch, seq, hidden]</c>.</param>
    /// <param name="batch">In the same shape.</param>
    /// <param name="reads">What will be read; null for anything.</param>
    /// <param name="positions">Which positions they are.</param>
    /// <returns>A new, contiguous tensor <c>[batch, positions, hidden]</c> in the current dispose scope; null where all are needed.</returns>
    public static Tensor? Of(Tensor hidden, TextBatch batch, ReadOutKind? reads, out StatePositions positions)
    {
        using DisposeScope scope = NewDisposeScope();
        switch (reads)
        {
            case ReadOutKind.Pooled:
                positions = StatePositions.First;
                return hidden.narrow(1, 0, 1).clone().MoveToOuterDisposeScope();
            case ReadOutKind.MaskStates or ReadOutKind.MaskLogits when batch.MaskPositions is not null && batch.MasksPerRow > 0:
                positions = StatePositions.Masks;
                return hidden.flatten(0, 1).index_select(0, batch.MaskPositions).view(batch.Rows, batch.MasksPerRow, -1).MoveToOuterDisposeScope();
            default:
                positions = StatePositions.All;
                return null;
        }
    }

    /// <summary>All states, <c>[batch, seq, hidden]</c>: not a new tensor.</summary>
    public static Tensor All(Hidden hidden) => hidden.Positions == StatePositions.All ? hidden.States : throw Missing(hidden, "every position");

    /// <summary>The state at the first position of each row: a view <c>[rows, hidden]</c>.</summary>
    public static Tensor First(Hidden hidden)
        => hidden.Positions == StatePositions.Masks ? throw Missing(hidden, "the first position of each row") : hidden.States.select(1, 0);

    /// <summary>The states at the mask positions: a new tensor <c>[masks, hidden]</c>.</summary>
    public static Tensor AtMasks(Hidden hidden)
    {
        Tensor positions = ((TextBatch)hidden.Batch).MaskPositions
            ?? throw new InvalidOperationException("the batch has no position to predict at; the template has no mask");
        using DisposeScope scope = NewDisposeScope();
        Tensor rows = hidden.States.flatten(0, 1);
        return (hidden.Positions switch
        {
            StatePositions.All => rows.index_select(0, positions),
            StatePositions.Masks => rows.alias(),
            _ => throw Missing(hidden, "the mask positions"),
        }).MoveToOuterDisposeScope();
    }

    private static InvalidOperationException Missing(Hidden hidden, string read) => new(
        $"{read} must be among the hidden states to be read, but the pass computed {(hidden.Positions == StatePositions.First ? "the first position of each row" : "the mask positions")} alone; "
        + "run the batch for what is read, or for everything");
}
