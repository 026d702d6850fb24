namespace DeltaTune.Backbones.Checkpoints;

/// <summary>A file of named tensors, read as bytes. Safe to use from several threads.</summary>
internal interface ITensorStore : IDisposable
{
    /// <summary>Gets the file.</summary>
    string Path { get; }

    /// <summary>Gets the tensors in the file's order; names are unique.</summary>
    IReadOnlyList<StoredTensor> Tensors { get; }

    /// <summary>Copies a part of a tensor's row-major little-endian elements.</summary>
    /// <param name="tensor">One of <see cref="Tensors"/>.</param>
    /// <param name="destination">Filled whole.</param>
    /// <param name="start">Where the part begins, in bytes from the tensor's first element.</param>
    /// <exception cref="InvalidDataException">The file became shorter since it was opened.</exception>
    void CopyTo(StoredTensor tensor, Span<byte> destination, long start);
}
