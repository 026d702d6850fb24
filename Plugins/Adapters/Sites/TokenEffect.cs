using DeltaTune.Batches;
using DeltaTune.Sites;
using TorchSharp;
using static TorchSharp.torch;

namespace DeltaTune.Adapters.Sites;

/// <summary>Changes what an embedding table gives, token by token. Positions that an effect underneath puts before the rows are left alone.</summary>
/// <param name="name">The effect's name.</param>
internal abstract class TokenEffect(string name) : Effect<ModelBatch, Embedded>(name), ICostedEffect
{
    /// <inheritdoc/>
    public abstract long? OperationsPerPosition { get; }

    /// <inheritdoc/>
    public sealed override Embedded Apply(ModelBatch input, Func<ModelBatch, Embedded> next)
    {
        Embedded embedded = next(input);
        if (input is not TextBatch text)
        {
            throw new InvalidOperationException("a change of token embeddings needs rows of tokens, but the batch has graphs");
        }

        using DisposeScope scope = NewDisposeScope();
        Tensor all = embedded.Inputs;                                                        // [batch, added + seq, hidden]
        long added = all.size(1) - text.Length;
        Tensor changed = Change(added == 0 ? all : all.narrow(1, added, text.Length), text); // [batch, seq, hidden]
        Tensor result = added == 0 ? changed : cat([all.narrow(1, 0, added), changed], 1);
        all.Dispose(); // fresh from underneath, and nobody else's
        return embedded with { Inputs = result.MoveToOuterDisposeScope() };
    }

    /// <summary>Changes the embeddings of the rows' own tokens.</summary>
    /// <param name="own"><c>[batch, seq, hidden]</c>. Not disposed.</param>
    /// <param name="text">The rows.</param>
    /// <returns>A new tensor of that shape and type, in the current dispose scope. Positions of soft tokens are as they were.</returns>
    protected abstract Tensor Change(Tensor own, TextBatch text);
}
