using System.Collections;
using System.Diagnostics.CodeAnalysis;

namespace TorchSharp.Utils;

/// <summary>A dictionary that keeps the order of insertion; assigning to a present key keeps its place.</summary>
public class OrderedDict<TKey, TValue> : IDictionary<TKey, TValue>, IList<(TKey, TValue)>
    where TKey : notnull
{
    private readonly Dictionary<TKey, TValue> _byKey = [];
    private readonly List<(TKey, TValue)> _inOrder = [];

    /// <summary>Gets or sets the value at a key; a new key goes last.</summary>
    public TValue this[TKey key]
    {
        get => _byKey[key];
        set
        {
            if (!_byKey.ContainsKey(key))
            {
                Add(key, value);
                return;
            }
            _byKey[key] = value;
            _inOrder[IndexOfKey(key)] = (key, value);
        }
    }

    /// <summary>Gets or sets the pair at a place.</summary>
    public (TKey, TValue) this[int index]
    {
        get => _inOrder[index];
        set
        {
            _byKey.Remove(_inOrder[index].Item1);
            _byKey.Add(value.Item1, value.Item2);
            _inOrder[index] = value;
        }
    }

    /// <summary>Gets the keys, in order.</summary>
    public ICollection<TKey> Keys => _inOrder.ConvertAll(pair => pair.Item1);

    /// <summary>Gets the values, in order.</summary>
    public ICollection<TValue> Values => _inOrder.ConvertAll(pair => pair.Item2);

    /// <inheritdoc/>
    public int Count => _inOrder.Count;

    /// <inheritdoc/>
    public bool IsReadOnly => false;

    /// <summary>Enumerates the keys, in order.</summary>
    public IEnumerable<TKey> keys() => _inOrder.Select(pair => pair.Item1);

    /// <summary>Enumerates the values, in order.</summary>
    public IEnumerable<TValue> values() => _inOrder.Select(pair => pair.Item2);

    /// <summary>Enumerates the pairs, in order.</summary>
    public IEnumerator<(TKey, TValue)> items() => _inOrder.GetEnumerator();

    /// <inheritdoc/>
    public void Add(TKey key, TValue value)
    {
        _byKey.Add(key, value);
        _inOrder.Add((key, value));
    }

    /// <inheritdoc/>
    public void Add((TKey, TValue) item) => Add(item.Item1, item.Item2);

    /// <inheritdoc/>
    public void Add(KeyValuePair<TKey, TValue> item) => Add(item.Key, item.Value);

    /// <inheritdoc/>
    public void Insert(int index, (TKey, TValue) item)
    {
        _byKey.Add(item.Item1, item.Item2);
        _inOrder.Insert(index, item);
    }

    /// <inheritdoc/>
    public bool Remove(TKey key)
    {
        if (!_byKey.Remove(key))
        {
            return false;
        }
        _inOrder.RemoveAt(IndexOfKey(key));
        return true;
    }

    /// <inheritdoc/>
    public bool Remove((TKey, TValue) item) => Contains(item) && Remove(item.Item1);

    /// <inheritdoc/>
    public bool Remove(KeyValuePair<TKey, TValue> item) => Remove((item.Key, item.Value));

    /// <inheritdoc/>
    public void RemoveAt(int index)
    {
        _byKey.Remove(_inOrder[index].Item1);
        _inOrder.RemoveAt(index);
    }

    /// <inheritdoc/>
    public void Clear()
    {
        _byKey.Clear();
        _inOrder.Clear();
    }

    /// <summary>Removes every pair.</summary>
    public void clear() => Clear();

    /// <inheritdoc/>
    public bool ContainsKey(TKey key) => _byKey.ContainsKey(key);

    /// <inheritdoc/>
    public bool Contains((TKey, TValue) item)
        => _byKey.TryGetValue(item.Item1, out TValue? value) && EqualityComparer<TValue>.Default.Equals(value, item.Item2);

    /// <inheritdoc/>
    public bool Contains(KeyValuePair<TKey, TValue> item) => Contains((item.Key, item.Value));

    /// <inheritdoc/>
    public bool TryGetValue(TKey key, [MaybeNullWhen(false)] out TValue value) => _byKey.TryGetValue(key, out value);

    /// <inheritdoc/>
    public int IndexOf((TKey, TValue) item) => Contains(item) ? IndexOfKey(item.Item1) : -1;

    /// <inheritdoc/>
    public void CopyTo((TKey, TValue)[] array, int arrayIndex) => _inOrder.CopyTo(array, arrayIndex);

    /// <inheritdoc/>
    public void CopyTo(KeyValuePair<TKey, TValue>[] array, int arrayIndex)
    {
        ArgumentNullException.ThrowIfNull(array);
        foreach ((TKey key, TValue value) in _inOrder)
        {
            array[arrayIndex++] = KeyValuePair.Create(key, value);
        }
    }

    /// <inheritdoc/>
    public IEnumerator<(TKey, TValue)> GetEnumerator() => _inOrder.GetEnumerator();

    IEnumerator<KeyValuePair<TKey, TValue>> IEnumerable<KeyValuePair<TKey, TValue>>.GetEnumerator()
        => _inOrder.Select(pair => KeyValuePair.Create(pair.Item1, pair.Item2)).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => _inOrder.GetEnumerator();

    // By key alone: comparing values would run `==` of a value that is a tensor.
    private int IndexOfKey(TKey key) => _inOrder.FindIndex(pair => EqualityComparer<TKey>.Default.Equals(pair.Item1, key));
}
