namespace DeltaTune.Batches;

/// <summary>Rows collated into what a backbone reads in one pass.</summary>
/// <remarks>Immutable: an effect that widens a batch makes a new one. Its tensors belong to whoever collated it.</remarks>
public abstract record ModelBatch : IDisposable
{
    /// <summary>Gets how many examples the batch holds.</summary>
    public abstract long Rows { get; }

    /// <summary>Frees the batch's tensors.</summary>
    public abstract void Dispose();
}
