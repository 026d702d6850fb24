using static TorchSharp.torch;

namespace TorchSharp.Modules;

/// <summary>What an optimiser remembers about one parameter.</summary>
public abstract class OptimizerState
{
    /// <summary>The parameter.</summary>
    protected Parameter _parameter;

    /// <summary>Makes the state of a parameter.</summary>
    protected OptimizerState(Parameter parameter) => _parameter = parameter;

    /// <summary>Makes the state's tensors, as before the first step.</summary>
    public abstract void Initialize(OptimizerOptions options);

    /// <summary>Takes over another state's values.</summary>
    public abstract void LoadStateDict(OptimizerState source);

    /// <summary>Reads the values that <see cref="SaveStateDict"/> wrote.</summary>
    public abstract void LoadStateDict(BinaryReader reader);

    /// <summary>Writes the values.</summary>
    public abstract void SaveStateDict(BinaryWriter writer);

    /// <summary>Tells whether another state has nearly the same values.</summary>
    public virtual bool ApproximatelyEquals(OptimizerState other) => false;

    /// <summary>Moves the state's tensors to a device.</summary>
    public virtual void to(Device device)
    {
    }

    /// <summary>Writes a tensor that may be absent.</summary>
    protected static void SaveConditionalStateTensor(BinaryWriter writer, Tensor? tensor)
    {
        ArgumentNullException.ThrowIfNull(writer);
        writer.Write(tensor is not null);
        if (tensor is not null)
        {
            TensorStream.Write(writer, tensor);
        }
    }

    /// <summary>Reads a tensor that may be absent, in place of the one that is there.</summary>
    protected static void LoadConditionalStateTensor(BinaryReader reader, ref Tensor? result, Device device)
    {
        ArgumentNullException.ThrowIfNull(reader);
        Tensor? read = reader.ReadBoolean() ? TensorStream.Read(reader, device) : null;
        result?.Dispose();
        result = read;
    }

    private protected Tensor Zeros()
    {
        using IDisposable mode = no_grad();
        return zeros_like(_parameter).DetachFromDisposeScope();
    }

    private protected static void Take(ref Tensor? target, Tensor? value)
    {
        using IDisposable mode = no_grad();
        if (value is null || target is null)
        {
            target?.Dispose();
            target = value?.clone().DetachFromDisposeScope();
            return;
        }
        if (!value.shape.AsSpan().SequenceEqual(target.shape))
        {
            throw new ArgumentException(
                $"an optimiser's state must have the shape of its parameter [{string.Join(", ", target.shape)}], but what is to be loaded has [{string.Join(", ", value.shape)}]",
                nameof(value));
        }
        target.copy_(value);
    }

    private protected static void Move(ref Tensor? target, Device device)
    {
        if (target is null)
        {
            return;
        }
        Tensor moved = target.to(device);
        if (!ReferenceEquals(moved, target))
        {
            target.Dispose();
            target = moved.DetachFromDisposeScope();
        }
    }

    private protected static bool Near(Tensor? own, Tensor? other)
        => own is null || other is null ? own is null && other is null : own.allclose(other);
}
