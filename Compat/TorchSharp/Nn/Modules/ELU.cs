using static TorchSharp.torch;

namespace TorchSharp.Modules;

/// <summary>x where positive, α(eˣ − 1) elsewhere.</summary>
public sealed class ELU : ParameterLessModule<Tensor, Tensor>
{
    internal ELU(double alpha, bool inplace)
        : base(nameof(ELU))
    {
        this.alpha = alpha;
        this.inplace = inplace;
    }

    /// <summary>Gets or sets α.</summary>
    public double alpha { get; set; }

    /// <summary>Gets or sets whether the input itself is changed.</summary>
    public bool inplace { get; set; }

    /// <summary>Computes the result, elementwise or along the dimension; the argument is not disposed.</summary>
    public override Tensor forward(Tensor tensor) => nn.functional.elu(tensor, alpha, inplace);
}
