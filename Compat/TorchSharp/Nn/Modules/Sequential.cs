using System.Globalization;
using static TorchSharp.torch;

namespace TorchSharp.Modules;

/// <summary>Modules run one after the other. What each hands to the next is disposed once the next has run.</summary>
public class Sequential : nn.Module<Tensor, Tensor>
{
    private readonly List<nn.Module<Tensor, Tensor>> _chain = [];

    /// <summary>Makes a chain of named modules.</summary>
    protected internal Sequential(params (string name, nn.Module<Tensor, Tensor> submodule)[] modules)
        : base(nameof(Sequential))
    {
        foreach ((string name, nn.Module<Tensor, Tensor> submodule) in modules)
        {
            append(name, submodule);
        }
    }

    /// <summary>Makes a chain of modules named <c>0</c>, <c>1</c>, ...</summary>
    protected internal Sequential(params nn.Module<Tensor, Tensor>[] modules)
        : base(nameof(Sequential))
    {
        foreach (nn.Module<Tensor, Tensor> module in modules)
        {
            append(module);
        }
    }

    /// <summary>Gets the number of modules.</summary>
    public int Count => _chain.Count;

    /// <summary>Gets the module at a place.</summary>
    public nn.IModule<Tensor, Tensor> this[int index] => _chain[index];

    /// <summary>Gets a chain of the modules in a range; they stay shared with this one.</summary>
    public Sequential this[Range index] => new([.. named_children().Take(index).Select(pair => (pair.name, (nn.Module<Tensor, Tensor>)pair.module))]);

    /// <summary>Gets a chain of the modules from a place up to another, not included; they stay shared with this one.</summary>
    public Sequential this[(int? start, int? end) index] => this[(index.start ?? 0)..(index.end ?? Count)];

    /// <summary>Adds a module at the end, under its place as a name.</summary>
    public Sequential append(nn.IModule<Tensor, Tensor> module) => append(Count.ToString(CultureInfo.InvariantCulture), module);

    /// <summary>Adds a module at the end.</summary>
    public Sequential append(string name, nn.IModule<Tensor, Tensor> module)
    {
        var link = (nn.Module<Tensor, Tensor>)module;
        register_module(name, link);
        _chain.Add(link);
        return this;
    }

    /// <summary>Runs the modules; an empty chain gives an alias of the input.</summary>
    public override Tensor forward(Tensor tensor)
    {
        if (_chain.Count == 0)
        {
            return tensor.alias();
        }
        Tensor current = tensor;
        foreach (nn.Module<Tensor, Tensor> link in _chain)
        {
            Tensor next = link.call(current);
            if (!ReferenceEquals(current, tensor) && !ReferenceEquals(current, next))
            {
                current.Dispose();
            }
            current = next;
        }
        return current;
    }
}
