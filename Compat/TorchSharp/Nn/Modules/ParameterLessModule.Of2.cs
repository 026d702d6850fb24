using static TorchSharp.torch;

namespace TorchSharp.Modules;

/// <summary>A module that has nothing to register or move.</summary>
public abstract class ParameterLessModule<T1, T2, TResult> : nn.Module<T1, T2, TResult>, IParameterLessModule
{
    /// <summary>Makes the module.</summary>
    protected ParameterLessModule(string name)
        : base(name)
    {
    }

    /// <summary>Refused: this module holds nothing.</summary>
    /// <exception cref="InvalidOperationException">Always.</exception>
    public override void register_buffer(string name, Tensor tensor, bool persistent = true) => throw Refusal("buffer", name);

    /// <summary>Refused: this module holds nothing.</summary>
    /// <exception cref="InvalidOperationException">Always.</exception>
    public override void register_module(string name, nn.Module submodule) => throw Refusal("module", name);

    /// <summary>Refused: this module holds nothing.</summary>
    /// <exception cref="InvalidOperationException">Always.</exception>
    public override void register_parameter(string name, Parameter param) => throw Refusal("parameter", name);

    /// <inheritdoc/>
    protected internal override nn.Module _to(DeviceType deviceType, int deviceIndex, bool non_blocking) => this;

    /// <inheritdoc/>
    protected internal override nn.Module _to(Device device, ScalarType dtype, bool non_blocking) => this;

    /// <inheritdoc/>
    protected internal override nn.Module _to(ScalarType dtype, bool non_blocking) => this;

    private InvalidOperationException Refusal(string kind, string component)
        => new($"{GetName()} can hold no {kind}, so '{component}' cannot be registered; derive from nn.Module instead");
}
