using static TorchSharp.torch;

namespace TorchSharp.Modules;

/// <summary>x where positive, a x elsewhere.</summary>
public sealed class LeakyReLU : ParameterLessModule<Tensor, Tensor>
{
    internal LeakyReLU(double negative_slope, bool inplace)
        : base(nameof(LeakyReLU))
    {
        this.negative_slope = negative_slope;
        this.inplace = inplace;
    }

    /// <summary>Gets or sets a.</summary>
    public double negative_slope { get; set; }

    /// <summary>Gets or sets whether the input itself is changed.</summary>
    public bool inplace { get; set; }

    /// <summary>Computes the result, elementwise or along the dimension; the argument is not disposed.</summary>
    public override Tensor forward(Tensor tensor) => nn.functional.leaky_relu(tensor, negative_slope, inplace);
}
