using DeltaTune.Files;
using static TorchSharp.torch;

namespace DeltaTune.Backbones.Checkpoints;

/// <content>Where bytes meet tensors.</content>
public sealed partial class Checkpoint
{
    /// <summary>Gets the type that a tensor's elements have in the file.</summary>
    /// <param name="name">Its name.</param>
    /// <returns>The scalar type.</returns>
    /// <exception cref="KeyNotFoundException">There is no such tensor.</exception>
    public ScalarType DType(string name) => TensorBytes.ScalarTypeOf(StoredTypeOf(name));

    /// <summary>Reads one tensor, on the CPU, row-major.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="as">The type to convert to; null keeps the file's.</param>
    /// <returns>A new tensor without gradient, the caller's to dispose.</returns>
    /// <exception cref="KeyNotFoundException">There is no such tensor.</exception>
    /// <exception cref="InvalidDataException">A file became shorter since it was opened.</exception>
    public Tensor Read(string name, ScalarType? @as = null)
    {
        (ITensorStore store, StoredTensor tensor) = Get(name);
        Tensor stored = TensorBytes.Create(tensor.Type, tensor.Shape, (destination, start) => store.CopyTo(tensor, destination, start));
        if (@as is not { } wanted || wanted == stored.dtype)
        {
            return stored;
        }

        using (stored)
        {
            return stored.to(wanted);
        }
    }
}
