using DeltaTune.Batches;

namespace DeltaTune.Backbones;

/// <summary>What effects deep in a backbone may want to know of the pass under way: which rows, which padding.</summary>
public static class ForwardContext
{
    [ThreadStatic]
    private static ModelBatch? s_batch;

    /// <summary>Gets the batch that this thread's pass runs, in the shape that the layers see; null outside a pass.</summary>
    public static ModelBatch? Batch => s_batch;

    internal static IDisposable Enter(ModelBatch batch)
    {
        var outer = new Outer(s_batch);
        s_batch = batch;
        return outer;
    }

    private sealed class Outer(ModelBatch? batch) : IDisposable
    {
        public void Dispose() => s_batch = batch;
    }
}
