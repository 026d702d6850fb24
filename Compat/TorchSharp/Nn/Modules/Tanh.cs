using static TorchSharp.torch;

namespace TorchSharp.Modules;

/// <summary>tanh x.</summary>
public sealed class Tanh : ParameterLessModule<Tensor, Tensor>
{
    internal Tanh(bool inplace)
        : base(nameof(Tanh))
    {
        this.inplace = inplace;
    }

    /// <summary>Gets or sets whether the input itself is changed.</summary>
    public bool inplace { get; set; }

    /// <inheritdoc/>
    public override string GetName() => nameof(Tanh);

    /// <summary>Computes the result, elementwise or along the dimension; the argument is not disposed.</summary>
    public override Tensor forward(Tensor tensor) => nn.functional.tanh(tensor, inplace);
}
