using DeltaTune.Batches;
using static TorchSharp.torch;

namespace DeltaTune.Prompts.Templates;

/// <summary>Puts rows of a soft table in the place of ordinary embeddings.</summary>
internal static class SoftPositions
{
    /// <summary>X'[b, s] = Z[id − 1] where the soft id is above 0, else X[b, s].</summary>
    /// <param name="embedded">The embeddings X <c>[batch, seq, hidden]</c> with their batch.</param>
    /// <param name="table">Z <c>[rows, hidden]</c>.</param>
    /// <param name="strength">1 replaces; less goes only that far from X to Z.</param>
    /// <returns>The same batch with other embeddings, in the current dispose scope.</returns>
    public static Embedded Replace(Embedded embedded, Tensor table, double strength)
    {
        if (embedded.Batch is not TextBatch { SoftIds: { } ids }) { return embedded; }
        Tensor x = embedded.Inputs;                                                                     // [batch, seq, hidden]
        long batch = x.size(0), seq = x.size(1), hidden = x.size(2);
        Tensor z = table.to(x.dtype);                                                                   // [rows, hidden]
        Tensor chosen = z.index_select(0, (ids - 1).clamp_min(0).reshape(batch * seq)).reshape(batch, seq, hidden);
        if (strength != 1) { chosen = x + ((chosen - x) * strength); }
        return embedded with { Inputs = where(ids.gt(0).unsqueeze(-1), chosen, x) };                    // [batch, seq, hidden]
    }
}
