using static TorchSharp.torch;

namespace TorchSharp.Modules;

/// <summary>x Φ(x), or its tanh approximation.</summary>
public sealed class GELU : ParameterLessModule<Tensor, Tensor>
{
    internal GELU(Approximate approximate, bool inplace)
        : base(nameof(GELU))
    {
        this.approximate = approximate;
        this.inplace = inplace;
    }

    /// <summary>Gets or sets the approximation.</summary>
    public Approximate approximate { get; set; }

    /// <summary>Gets or sets whether the input itself is changed.</summary>
    public bool inplace { get; set; }

    /// <summary>Computes the result, elementwise or along the dimension; the argument is not disposed.</summary>
    public override Tensor forward(Tensor tensor) => nn.functional.gelu(tensor, approximate, inplace);

    /// <summary>How Φ is computed.</summary>
    public enum Approximate
    {
        /// <summary>By the error function.</summary>
        none = 0,

        /// <summary>By tanh.</summary>
        tanh = 1,
    }
}
