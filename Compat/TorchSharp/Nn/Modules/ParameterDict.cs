using System.Collections;
using System.Diagnostics.CodeAnalysis;
using TorchSharp.Utils;
using static TorchSharp.torch;

namespace TorchSharp.Modules;

/// <summary>Parameters by name, registered by their keys in the order of insertion.</summary>
public class ParameterDict : nn.Module, IDictionary<string, Parameter>, IList<(string, Parameter)>
{
    /// <summary>Makes an empty dictionary.</summary>
    public ParameterDict()
        : base("ParameterDict")
    {
    }

    /// <summary>Gets or sets what is at a key; a new key goes last.</summary>
    public Parameter this[string key]
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
    public (string, Parameter) this[int index]
    {
        get => (Store[index].Item1, Cast(Store[index].Item2));
        set => Store[index] = value;
    }

    /// <summary>Gets the keys, in order.</summary>
    public ICollection<string> Keys => Store.Keys;

    /// <summary>Gets the values, in order.</summary>
    public ICollection<Parameter> Values => [.. values()];

    /// <inheritdoc/>
    public int Count => Store.Count;

    /// <inheritdoc/>
    public bool IsReadOnly => false;

    private OrderedDict<string, Parameter> Store => _internal_params;

    /// <summary>Enumerates the keys, in order.</summary>
    public IEnumerable<string> keys() => Store.keys();

    /// <summary>Enumerates the values, in order.</summary>
    public IEnumerable<Parameter> values() => Store.values().Select(Cast);

    /// <summary>Enumerates the pairs, in order.</summary>
    public IEnumerator<(string, Parameter)> items() => GetEnumerator();

    /// <inheritdoc/>
    public void Add(string key, Parameter value) => register_parameter(key, value);

    /// <inheritdoc/>
    public void Add((string, Parameter) item) => Add(item.Item1, item.Item2);

    /// <inheritdoc/>
    public void Add(KeyValuePair<string, Parameter> item) => Add(item.Key, item.Value);

    /// <inheritdoc/>
    public void Insert(int index, (string, Parameter) item)
    {
        Add(item);
        Store.RemoveAt(Store.Count - 1);
        Store.Insert(index, item);
    }

    /// <inheritdoc/>
    public bool Remove(string key) => Store.Remove(key);

    /// <inheritdoc/>
    public bool Remove((string, Parameter) item) => Contains(item) && Remove(item.Item1);

    /// <inheritdoc/>
    public bool Remove(KeyValuePair<string, Parameter> item) => Remove((item.Key, item.Value));

    /// <inheritdoc/>
    public void RemoveAt(int index) => Store.RemoveAt(index);

    /// <inheritdoc/>
    public void Clear() => Store.Clear();

    /// <summary>Removes every pair.</summary>
    public void clear() => Clear();

    /// <inheritdoc/>
    public bool ContainsKey(string key) => Store.ContainsKey(key);

    /// <inheritdoc/>
    public bool Contains((string, Parameter) item) => Store.TryGetValue(item.Item1, out Parameter? own) && ReferenceEquals(own, item.Item2);

    /// <inheritdoc/>
    public bool Contains(KeyValuePair<string, Parameter> item) => Contains((item.Key, item.Value));

    /// <inheritdoc/>
    public bool TryGetValue(string key, [MaybeNullWhen(false)] out Parameter value)
    {
        bool found = Store.TryGetValue(key, out Parameter? own);
        value = found ? Cast(own!) : null;
        return found;
    }

    /// <inheritdoc/>
    public int IndexOf((string, Parameter) item) => Contains(item) ? Store.keys().ToList().IndexOf(item.Item1) : -1;

    /// <inheritdoc/>
    public void CopyTo((string, Parameter)[] array, int arrayIndex) => this.ToList<(string, Parameter)>().CopyTo(array, arrayIndex);

    /// <inheritdoc/>
    public void CopyTo(KeyValuePair<string, Parameter>[] array, int arrayIndex) => this.ToList<KeyValuePair<string, Parameter>>().CopyTo(array, arrayIndex);

    /// <inheritdoc/>
    public IEnumerator<(string, Parameter)> GetEnumerator()
    {
        foreach ((string key, Parameter value) in Store)
        {
            yield return (key, Cast(value));
        }
    }

    IEnumerator<KeyValuePair<string, Parameter>> IEnumerable<KeyValuePair<string, Parameter>>.GetEnumerator()
    {
        foreach ((string key, Parameter value) in Store)
        {
            yield return KeyValuePair.Create(key, Cast(value));
        }
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <summary>Does nothing: what is added is registered at once.</summary>
    protected internal override void RegisterComponents()
    {
    }

    private static Parameter Cast(Parameter value) => value;
}
