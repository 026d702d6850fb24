using System.Collections;
using System.Globalization;
using static TorchSharp.torch;

namespace TorchSharp.Modules;

/// <summary>A list of parameters, registered as <c>0</c>, <c>1</c>, ... Changes to the list show in the registration at once.</summary>
public class ParameterList : nn.Module, IList<Parameter>
{
    private readonly List<Parameter> _list = [];

    /// <summary>Makes a list of the given parameters.</summary>
    public ParameterList(params Parameter[] parameters)
        : base(nameof(ParameterList)) => extend(parameters);

    /// <inheritdoc/>
    public Parameter this[int index]
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

    /// <summary>Appends parameters.</summary>
    public void append(params Parameter[] parameters) => extend(parameters);

    /// <summary>Appends parameters.</summary>
    public void extend(IEnumerable<Parameter> parameters)
    {
        _list.AddRange(parameters);
        Renumber();
    }

    /// <inheritdoc/>
    public void Add(Parameter item)
    {
        _list.Add(item);
        Renumber();
    }

    /// <inheritdoc/>
    public void Insert(int index, Parameter item)
    {
        _list.Insert(index, item);
        Renumber();
    }

    /// <inheritdoc/>
    public bool Remove(Parameter item)
    {
        int place = IndexOf(item);
        if (place < 0)
        {
            return false;
        }
        RemoveAt(place);
        return true;
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
    public bool Contains(Parameter item) => IndexOf(item) >= 0;

    /// <inheritdoc/>
    public int IndexOf(Parameter item) => _list.FindIndex(own => ReferenceEquals(own, item)); // tensors compare by element

    /// <inheritdoc/>
    public void CopyTo(Parameter[] array, int arrayIndex) => _list.CopyTo(array, arrayIndex);

    /// <inheritdoc/>
    public IEnumerator<Parameter> GetEnumerator() => _list.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => _list.GetEnumerator();

    /// <summary>Registers the parameters by their place.</summary>
    protected internal override void RegisterComponents() => Renumber();

    private void Renumber()
    {
        _internal_params.Clear();
        for (int place = 0; place < _list.Count; place++)
        {
            register_parameter(place.ToString(CultureInfo.InvariantCulture), _list[place]);
        }
    }
}
