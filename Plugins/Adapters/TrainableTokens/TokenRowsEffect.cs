using DeltaTune.Adapters.Sites;
using DeltaTune.Batches;
using TorchSharp;
using TorchSharp.Modules;
using TorchSharp.Utils;
using static TorchSharp.torch;

namespace DeltaTune.Adapters.TrainableTokens;

/// <summary>Puts trained rows in the place of the embeddings of a few tokens.</summary>
/// <remarks>
/// Despite their saved name the rows are embeddings, not differences. They start as copies of the table's: fresh, nothing changes. At another strength t than 1,
/// an embedding is moved by t of the way. Positions of soft tokens are left alone, and so are those that an effect underneath puts before the rows.
/// Owns the rows, in float32 whatever the backbone's type, unless another effect's are shown here too.
/// </remarks>
internal sealed class TokenRowsEffect : TokenEffect
{
    [ComponentName(Name = "trainable_tokens_delta")]
    private readonly Parameter? _rows;            // [tokens, hidden]; null where they are another's
    private readonly Func<Tensor> _shown;
    private readonly FixedTensor _ids;            // [tokens]
    private readonly FixedTensor _slots;          // the row of each word of the vocabulary, and [tokens] for those that have none

    /// <summary>Copies rows of a table.</summary>
    /// <param name="tokens">Their ids.</param>
    /// <param name="table"><c>[vocab, hidden]</c>. Not changed.</param>
    public TokenRowsEffect(IReadOnlyList<int> tokens, Tensor table)
        : base(nameof(TokenRowsEffect))
    {
        using IDisposable off = no_grad();
        long[] ids = [.. tokens.Select(t => (long)t)];
        _ids = new FixedTensor(tensor(ids, device: table.device));
        _slots = new FixedTensor(full([table.size(0)], ids.Length, dtype: ScalarType.Int64, device: table.device));
        using Tensor numbers = arange(ids.Length, device: table.device);
        _slots.Value.index_copy_(0, _ids.Value, numbers);
        _rows = new Parameter(Copy(table, _ids.Value));
        _shown = () => _rows!;
        RegisterComponents();
    }

    /// <summary>Shows another effect's rows at an embedding that reads the same table.</summary>
    /// <param name="owner">Disposed with its own delta.</param>
    public TokenRowsEffect(TokenRowsEffect owner)
        : base(nameof(TokenRowsEffect))
    {
        (_ids, _slots) = (new FixedTensor(owner._ids.Value.clone()), new FixedTensor(owner._slots.Value.clone()));
        _shown = () => owner.Rows;
        RegisterComponents();
    }

    /// <summary>Gets the rows, <c>[tokens, hidden]</c>.</summary>
    public Tensor Rows => _shown();

    /// <summary>Gets the tokens' ids, <c>[tokens]</c>.</summary>
    public Tensor Ids => _ids.Value;

    /// <inheritdoc/>
    public override long? OperationsPerPosition => 0; // one row in place of another

    /// <inheritdoc/>
    protected override Tensor Change(Tensor own, TextBatch text)
    {
        Tensor rows = Rows, slots = _slots.Value.index_select(0, text.InputIds.flatten());           // [batch·seq]
        Tensor hit = slots.lt(rows.size(0));
        hit = text.SoftIds is null ? hit : hit.logical_and(text.SoftIds.flatten().eq(0));
        Tensor picked = cat([rows, zeros([1, rows.size(1)], dtype: rows.dtype, device: rows.device)]).index_select(0, slots).view(own.shape);
        Tensor typed = picked.dtype == own.dtype ? picked : picked.to(own.dtype);
        typed = Strength is 1 ? typed : own + ((typed - own) * Strength);
        return typed.where(hit.view(text.InputIds.size(0), text.Length, 1), own);                    // [batch, seq, hidden]
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _ids.Dispose();
            _slots.Dispose();
        }

        base.Dispose(disposing);
    }

    private static Tensor Copy(Tensor table, Tensor ids)
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor rows = table.index_select(0, ids);
        return (rows.dtype == ScalarType.Float32 ? rows : rows.to(ScalarType.Float32)).MoveToOuterDisposeScope();
    }
}
