using static TorchSharp.torch;

namespace TorchSharp.Modules;

/// <summary>Exponentials divided by their sum along a dimension.</summary>
public sealed class Softmax : ParameterLessModule<Tensor, Tensor>
{
    internal Softmax(long dim)
        : base(nameof(Softmax))
    {
        this.dim = dim;
    }

    /// <summary>Gets or sets the dimension.</summary>
    public long dim { get; set; }

    /// <summary>Computes the result, elementwise or along the dimension; the argument is not disposed.</summary>
    public override Tensor forward(Tensor tensor) => nn.functional.softmax(tensor, dim);
}
