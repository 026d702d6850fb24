using System.Collections;
using System.Diagnostics.CodeAnalysis;
using TorchSharp.Utils;
using static TorchSharp.torch;

namespace TorchSharp.Modules;

/// <summary>Modules by name, registered by their keys in the order of insertion.</summary>
public class ModuleDict<T> : nn.Module, IDictionary<string, T>, IList<(string, T)>
    where T : nn.Module
{
    /// <summary>Makes an empty dictionary.</summary>
    public ModuleDict()
        : base("ModuleDict")
    {
    }

    /// <summary>Gets or sets what is at a key; a new key goes last.</summary>
    public T this[string key]
    {
        get => Cast(Store[key]);
        set
        {
            if (Store.ContainsKey(key))
            {
                Store[key] = value;
            }
            else
            {
                Add(key, value);
            }
        }
    }

    /// <summary>Gets or sets the pair at a place.</summary>
    public (string, T) this[int index]
    {
        get => (Store[index].Item1, Cast(Store[index].Item2));
        set => Store[index] = value;
    }

    /// <summary>Gets the keys, in order.</summary>
    public ICollection<string> Keys => Store.Keys;

    /// <summary>Gets the values, in order.</summary>
    public ICollection<T> Values => [.. values()];

    /// <inheritdoc/>
    public int Count => Store.Count;

    /// <inheritdoc/>
    public bool IsReadOnly => false;

    private OrderedDict<string, nn.Module> Store => _internal_submodules;

    /// <summary>Enumerates the keys, in order.</summary>
    public IEnumerable<string> keys() => Store.keys();

    /// <summary>Enumerates the values, in order.</summary>
    public IEnumerable<T> values() => Store.values().Select(Cast);

    /// <summary>Enumerates the pairs, in order.</summary>
    public IEnumerator<(string, T)> items() => GetEnumerator();

    /// <inheritdoc/>
    public void Add(string key, T value) => register_module(key, value);

    /// <inheritdoc/>
    public void Add((string, T) item) => Add(item.Item1, item.Item2);

    /// <inheritdoc/>
    public void Add(KeyValuePair<string, T> item) => Add(item.Key, item.Value);

    /// <inheritdoc/>
    public void Insert(int index, (string, T) item)
    {
        Add(item);
        Store.RemoveAt(Store.Count - 1);
        Store.Insert(index, item);
    }

    /// <inheritdoc/>
    public bool Remove(string key) => Store.Remove(key);

    /// <inheritdoc/>
    public bool Remove((string, T) item) => Contains(item) && Remove(item.Item1);

    /// <inheritdoc/>
    public bool Remove(KeyValuePair<string, T> item) => Remove((item.Key, item.Value));

    /// <inheritdoc/>
    public void RemoveAt(int index) => Store.RemoveAt(index);

    /// <inheritdoc/>
    public void Clear() => Store.Clear();

    /// <summary>Removes every pair.</summary>
    public void clear() => Clear();

    /// <inheritdoc/>
    public bool ContainsKey(string key) => Store.ContainsKey(key);

    /// <inheritdoc/>
    public bool Contains((string, T) item) => Store.TryGetValue(item.Item1, out nn.Module? own) && ReferenceEquals(own, item.Item2);

    /// <inheritdoc/>
    public bool Contains(KeyValuePair<string, T> item) => Contains((item.Key, item.Value));

    /// <inheritdoc/>
    public bool TryGetValue(string key, [MaybeNullWhen(false)] out T value)
    {
        bool found = Store.TryGetValue(key, out nn.Module? own);
        value = found ? Cast(own!) : null;
        return found;
    }

    /// <inheritdoc/>
    public int IndexOf((string, T) item) => Contains(item) ? Store.keys().ToList().IndexOf(item.Item1) : -1;

    /// <inheritdoc/>
    public void CopyTo((string, T)[] array, int arrayIndex) => this.ToList<(string, T)>().CopyTo(array, arrayIndex);

    /// <inheritdoc/>
    public void CopyTo(KeyValuePair<string, T>[] array, int arrayIndex) => this.ToList<KeyValuePair<string, T>>().CopyTo(array, arrayIndex);

    /// <inheritdoc/>
    public IEnumerator<(string, T)> GetEnumerator()
    {
        foreach ((string key, nn.Module value) in Store)
        {
            yield return (key, Cast(value));
        }
    }

    IEnumerator<KeyValuePair<string, T>> IEnumerable<KeyValuePair<string, T>>.GetEnumerator()
    {
        foreach ((string key, nn.Module value) in Store)
        {
            yield return KeyValuePair.Create(key, Cast(value));
        }
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <summary>Does nothing: what is added is registered at once.</summary>
    protected internal override void RegisterComponents()
    {
    }

    private static T Cast(nn.Module value) => (T)value;
}
