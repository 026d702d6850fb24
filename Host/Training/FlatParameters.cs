using TorchSharp;
using static TorchSharp.torch;

namespace DeltaTune.Host.Training;

/// <summary>The trained tensors in one flat buffer, their gradients in another, so that clipping, optimiser and copies are a few operators.</summary>
/// <remarks>
/// Each parameter's memory becomes a slice of <see cref="Values"/>. Each gradient is set to a slice of <see cref="Gradients"/> before the first
/// backward pass; autograd adds into a gradient that is there already, in place, as long as no second-order graph is asked for.
/// </remarks>
internal sealed class FlatParameters : IDisposable
{
    private readonly Tensor[] _gradients; // the slices, kept as long as the parameters point to them

    /// <summary>Moves the parameters into one buffer. Their values stay as they are.</summary>
    /// <param name="parameters">One or more leaves of one type on one device.</param>
    public FlatParameters(IReadOnlyList<TrainedTensor> parameters)
    {
        // Biases and norms (one dimension or none) last, so that weight decay, which leaves them out, acts on one slice.
        // Among each of these, one rate after the other and one decay after the other, so that a step is as few operators as there are of them.
        parameters = [.. parameters.OrderBy(p => p.Value.dim() > 1 ? 0 : 1).ThenBy(p => p.Rate).ThenBy(p => p.Decay)];
        Parameters = parameters;
        Tensor first = parameters[0].Value;
        TrainedTensor? other = parameters.FirstOrDefault(p => p.Value.dtype != first.dtype);
        if (other is not null)
        {
            throw new InvalidRunException("training", $"needs trained tensors of one type, but {parameters[0]} is {first.dtype} and {other} is {other.Value.dtype}; load the backbone as float32");
        }

        Count = parameters.Sum(p => p.Value.numel());
        Segments = Runs([.. parameters.Select(p => p with { Decay = null })]);
        DecayedSegments = Runs([.. parameters.Where(p => p.Value.dim() > 1)]);
        using IDisposable off = no_grad();
        using DisposeScope scope = NewDisposeScope();
        Values = empty([Count], dtype: first.dtype, device: first.device).DetachFromDisposeScope();
        Gradients = zeros([Count], dtype: first.dtype, device: first.device).DetachFromDisposeScope();
        _gradients = new Tensor[parameters.Count];
        long start = 0;
        for (int i = 0; i < parameters.Count; i++)
        {
            Tensor value = parameters[i].Value;
            long[] shape = value.shape;
            long size = value.numel();
            Tensor slice = Values.narrow(0, start, size).view(shape);
            slice.copy_(value);
            value.set_(slice);
            _gradients[i] = Gradients.narrow(0, start, size).view(shape).DetachFromDisposeScope();
            value.grad = _gradients[i];
            start += size;
        }
    }

    /// <summary>Gets the tensors, in the order of the buffer.</summary>
    public IReadOnlyList<TrainedTensor> Parameters { get; }

    /// <summary>Gets how many numbers are trained.</summary>
    public long Count { get; }

    /// <summary>Gets the runs of numbers of one learning rate, in order: one where all learn at the same.</summary>
    public IReadOnlyList<RateSegment> Segments { get; }

    /// <summary>Gets the same of the numbers that weight decay acts on, those of matrices, which come first; each run of one decay too.</summary>
    public IReadOnlyList<RateSegment> DecayedSegments { get; }

    /// <summary>Gets all values, <c>[count]</c>.</summary>
    public Tensor Values { get; }

    /// <summary>Gets all gradients, <c>[count]</c>.</summary>
    public Tensor Gradients { get; }

    /// <summary>Sets every gradient to zero, where the parameters find it again.</summary>
    public void ClearGradients() => Gradients.zero_();

    /// <summary>Copies all values.</summary>
    /// <returns>A tensor <c>[count]</c> outside any dispose scope, the caller's to dispose.</returns>
    public Tensor CopyValues()
    {
        using IDisposable off = no_grad();
        return Values.clone().DetachFromDisposeScope();
    }

    /// <summary>Brings all values back.</summary>
    /// <param name="values"><c>[count]</c>, of any device.</param>
    public void Restore(Tensor values)
    {
        using IDisposable off = no_grad();
        Values.copy_(values);
    }

    /// <summary>Finds the tensor whose values, or gradient, went to infinity or NaN.</summary>
    /// <param name="gradients">Whether to look at the gradients.</param>
    /// <returns>The first such tensor; null where all are finite.</returns>
    public TrainedTensor? FindNonFinite(bool gradients)
    {
        using IDisposable off = no_grad();
        using DisposeScope scope = NewDisposeScope();
        for (int i = 0; i < Parameters.Count; i++)
        {
            if (!(gradients ? _gradients[i] : Parameters[i].Value).isfinite().all().item<bool>())
            {
                return Parameters[i];
            }
        }

        return null;
    }

    private static List<RateSegment> Runs(IReadOnlyList<TrainedTensor> parameters)
    {
        var runs = new List<RateSegment>();
        long start = 0;
        foreach (TrainedTensor parameter in parameters)
        {
            long size = parameter.Value.numel();
            if (runs.Count > 0 && runs[^1].Rate == parameter.Rate && runs[^1].Decay == parameter.Decay)
            {
                runs[^1] = runs[^1] with { Count = runs[^1].Count + size };
            }
            else
            {
                runs.Add(new RateSegment(start, size, parameter.Rate) { Decay = parameter.Decay });
            }

            start += size;
        }

        return runs;
    }

    /// <summary>Frees the gradients. The parameters keep their values, and their places in the buffer that they share.</summary>
    public void Dispose()
    {
        for (int i = 0; i < _gradients.Length; i++)
        {
            if (!Parameters[i].Value.IsInvalid)
            {
                Parameters[i].Value.grad = null;
            }

            _gradients[i].Dispose();
        }

        Gradients.Dispose();
        Values.Dispose();
    }
}
