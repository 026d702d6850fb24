using static TorchSharp.torch;

namespace TorchSharp.Modules;

/// <summary>ln(1 + e^(βx))/β.</summary>
public sealed class Softplus : ParameterLessModule<Tensor, Tensor>
{
    internal Softplus(double beta, double threshold)
        : base(nameof(Softplus))
    {
        this.beta = beta;
        this.threshold = threshold;
    }

    /// <summary>Gets or sets β.</summary>
    public double beta { get; set; }

    /// <summary>Gets or sets where the function goes over to x.</summary>
    public double threshold { get; set; }

    /// <summary>Computes the result, elementwise or along the dimension; the argument is not disposed.</summary>
    public override Tensor forward(Tensor tensor) => nn.functional.softplus(tensor, beta, threshold);
}
