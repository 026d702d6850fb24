using static TorchSharp.torch;

namespace TorchSharp.Modules;

/// <summary>x. An alias of it is returned, never the argument.</summary>
public sealed class Identity : ParameterLessModule<Tensor, Tensor>
{
    internal Identity()
        : base(nameof(Identity))
    {
    }

    /// <summary>Computes the result, elementwise or along the dimension; the argument is not disposed.</summary>
    public override Tensor forward(Tensor tensor) => tensor.alias();
}
