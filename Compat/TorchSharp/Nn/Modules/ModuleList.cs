using System.Collections;
using System.Globalization;
using static TorchSharp.torch;

namespace TorchSharp.Modules;

/// <summary>A list of modules, registered as <c>0</c>, <c>1</c>, ... Changes to the list show in the registration at once.</summary>
public class ModuleList<T> : nn.Module, IList<T>
    where T : nn.Module
{
    private readonly List<T> _list = [];

    /// <summary>Makes a list of the given modules.</summary>
    public ModuleList(params T[] modules)
        : base(nameof(ModuleList<T>)) => extend(modules);

    /// <inheritdoc/>
    public T this[int index]
    {
        get => _list[index];
        set
        {
            _list[index] = value;
            Renumber();
        }
    }

    /// <inheritdoc/>
    public int Count => _list.Count;

    /// <inheritdoc/>
    public bool IsReadOnly => false;

    /// <summary>Appends modules.</summary>
    public void append(params T[] parameters) => extend(parameters);

    /// <summary>Appends modules.</summary>
    public void extend(IEnumerable<T> modules)
    {
        _list.AddRange(modules);
        Renumber();
    }

    /// <inheritdoc/>
    public void Add(T item)
    {
        _list.Add(item);
        Renumber();
    }

    /// <inheritdoc/>
    public void Insert(int index, T item)
    {
        _list.Insert(index, item);
        Renumber();
    }

    /// <inheritdoc/>
    public bool Remove(T item)
    {
        bool removed = _list.Remove(item);
        Renumber();
        return removed;
    }

    /// <inheritdoc/>
    public void RemoveAt(int index)
    {
        _list.RemoveAt(index);
        Renumber();
    }

    /// <inheritdoc/>
    public void Clear()
    {
        _list.Clear();
        Renumber();
    }

    /// <inheritdoc/>
    public bool Contains(T item) => _list.Contains(item);

    /// <inheritdoc/>
    public int IndexOf(T item) => _list.IndexOf(item);

    /// <inheritdoc/>
    public void CopyTo(T[] array, int arrayIndex) => _list.CopyTo(array, arrayIndex);

    /// <inheritdoc/>
    public IEnumerator<T> GetEnumerator() => _list.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => _list.GetEnumerator();

    /// <summary>Registers the modules by their place.</summary>
    protected internal override void RegisterComponents() => Renumber();

    private void Renumber()
    {
        ClearModules();
        for (int place = 0; place < _list.Count; place++)
        {
            register_module(place.ToString(CultureInfo.InvariantCulture), _list[place]);
        }
    }
}
