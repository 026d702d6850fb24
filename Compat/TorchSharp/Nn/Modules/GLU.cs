using static TorchSharp.torch;

namespace TorchSharp.Modules;

/// <summary>One half of a dimension times the sigmoid of the other half.</summary>
public sealed class GLU : ParameterLessModule<Tensor, Tensor>
{
    internal GLU(long dim)
        : base(nameof(GLU))
    {
        this.dim = dim;
    }

    /// <summary>Gets or sets the dimension.</summary>
    public long dim { get; set; }

    /// <summary>Computes the result, elementwise or along the dimension; the argument is not disposed.</summary>
    public override Tensor forward(Tensor tensor) => nn.functional.glu(tensor, dim);
}
