using System.Collections;

namespace TorchSharp.Utils;

/// <summary>The elements of a CPU tensor, in row-major order whatever its strides are.</summary>
public sealed unsafe class TensorAccessor<T> : IDisposable, IEnumerable<T>
    where T : unmanaged
{
    private readonly torch.Tensor _tensor;
    private readonly long[] _shape;
    private readonly long[] _strides;
    private readonly bool _dense;
    private readonly T* _data;

    internal TensorAccessor(torch.Tensor tensor)
    {
        // Its own owner of the native tensor: the memory stays, whatever becomes of the caller's.
        _tensor = tensor.alias().DetachFromDisposeScope();
        _shape = tensor.shape;
        _strides = tensor.stride();
        _dense = tensor.is_contiguous();
        _data = (T*)_tensor.Data();
        Count = tensor.numel();
    }

    public long Count { get; }

    public bool IsReadOnly => false;

    public T this[params long[] indices]
    {
        get => _data[At(indices)];
        set => _data[At(indices)] = value;
    }

    public static bool operator ==(TensorAccessor<T> left, TensorAccessor<T> right) => left is null ? right is null : left.Equals(right);

    public static bool operator !=(TensorAccessor<T> left, TensorAccessor<T> right) => !(left == right);

    public T[] ToArray()
    {
        var array = new T[Count];
        CopyTo(array);
        return array;
    }

    public Array ToNDArray()
    {
        var array = Array.CreateInstance(typeof(T), _shape);
        var indices = new long[_shape.Length];
        for (long k = 0; k < Count; k++)
        {
            long rest = k;
            for (int dim = _shape.Length - 1; dim >= 0; dim--)
            {
                indices[dim] = rest % _shape[dim];
                rest /= _shape[dim];
            }

            array.SetValue(_data[Offset(k)], indices);
        }

        return array;
    }

    public void CopyTo(T[] array, int arrayIndex = 0, long tensorIndex = 0) => CopyTo(array.AsSpan(), arrayIndex, tensorIndex);

    public void CopyTo(Span<T> array, int arrayIndex = 0, long tensorIndex = 0)
    {
        long count = Count - tensorIndex;
        if (array.Length - arrayIndex < count)
        {
            throw new ArgumentException($"{count} elements do not fit the {array.Length - arrayIndex} places from {arrayIndex} on.", nameof(array));
        }

        if (_dense)
        {
            new ReadOnlySpan<T>(_data + tensorIndex, checked((int)count)).CopyTo(array[arrayIndex..]);
            return;
        }

        for (long k = 0; k < count; k++)
        {
            array[(int)(arrayIndex + k)] = _data[Offset(tensorIndex + k)];
        }
    }

    public void CopyFrom(T[] array, int arrayIndex = 0, long tensorIndex = 0) => CopyFrom((ReadOnlySpan<T>)array, arrayIndex, tensorIndex);

    public void CopyFrom(ReadOnlySpan<T> array, int arrayIndex = 0, long tensorIndex = 0)
    {
        ReadOnlySpan<T> from = array[arrayIndex..];
        if (from.Length > Count - tensorIndex)
        {
            throw new ArgumentException($"{from.Length} elements do not fit the {Count - tensorIndex} places from {tensorIndex} on.", nameof(array));
        }

        for (int k = 0; k < from.Length; k++)
        {
            _data[Offset(tensorIndex + k)] = from[k];
        }
    }

    public IEnumerator<T> GetEnumerator()
    {
        for (long k = 0; k < Count; k++)
        {
            yield return Read(k);
        }
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    public override bool Equals(object? obj) => obj is TensorAccessor<T> other && Count == other.Count && this.SequenceEqual(other);

    public override int GetHashCode() => HashCode.Combine(Count, (nint)_data);

    public void Dispose() => _tensor.Dispose();

    private T Read(long k)
    {
        T value = _data[Offset(k)];
        GC.KeepAlive(_tensor);
        return value;
    }

    private long Offset(long k)
    {
        if (_dense)
        {
            return k;
        }

        long offset = 0;
        for (int dim = _shape.Length - 1; dim >= 0; dim--)
        {
            offset += k % _shape[dim] * _strides[dim];
            k /= _shape[dim];
        }

        return offset;
    }

    private long At(long[] indices)
    {
        // One number addresses a tensor of any rank in row-major order.
        if (indices.Length == 1 && _shape.Length != 1)
        {
            return indices[0] >= 0 && indices[0] < Count ? Offset(indices[0]) : throw OutOfRange(indices);
        }

        if (indices.Length != _shape.Length)
        {
            throw OutOfRange(indices);
        }

        long offset = 0;
        for (int dim = 0; dim < indices.Length; dim++)
        {
            offset += indices[dim] >= 0 && indices[dim] < _shape[dim] ? indices[dim] * _strides[dim] : throw OutOfRange(indices);
        }

        return offset;
    }

    private IndexOutOfRangeException OutOfRange(long[] indices) =>
        new($"There is no element [{string.Join(", ", indices)}] in a tensor of shape [{string.Join(", ", _shape)}].");
}
