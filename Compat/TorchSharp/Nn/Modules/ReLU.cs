using static TorchSharp.torch;

namespace TorchSharp.Modules;

/// <summary>max(0, x).</summary>
public sealed class ReLU : ParameterLessModule<Tensor, Tensor>
{
    internal ReLU(bool inplace)
        : base(nameof(ReLU))
    {
        this.inplace = inplace;
    }

    /// <summary>Gets or sets whether the input itself is changed.</summary>
    public bool inplace { get; set; }

    /// <summary>Computes the result, elementwise or along the dimension; the argument is not disposed.</summary>
    public override Tensor forward(Tensor tensor) => nn.functional.relu(tensor, inplace);
}
