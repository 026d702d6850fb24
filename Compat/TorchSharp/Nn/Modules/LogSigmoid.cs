using static TorchSharp.torch;

namespace TorchSharp.Modules;

/// <summary>ln(1/(1 + e⁻ˣ)).</summary>
public sealed class LogSigmoid : ParameterLessModule<Tensor, Tensor>
{
    internal LogSigmoid()
        : base(nameof(LogSigmoid))
    {
    }

    /// <summary>Computes the result, elementwise or along the dimension; the argument is not disposed.</summary>
    public override Tensor forward(Tensor tensor) => nn.functional.logsigmoid(tensor);
}
