using static TorchSharp.torch;

namespace TorchSharp.Modules;

/// <summary>x/(1 + e⁻ˣ).</summary>
public sealed class SiLU : ParameterLessModule<Tensor, Tensor>
{
    internal SiLU(bool inplace)
        : base(nameof(SiLU))
    {
        this.inplace = inplace;
    }

    /// <summary>Gets or sets whether the input itself is changed.</summary>
    public bool inplace { get; set; }

    /// <inheritdoc/>
    public override string GetName() => nameof(SiLU);

    /// <summary>Computes the result, elementwise or along the dimension; the argument is not disposed.</summary>
    public override Tensor forward(Tensor tensor) => nn.functional.silu(tensor, inplace);
}
