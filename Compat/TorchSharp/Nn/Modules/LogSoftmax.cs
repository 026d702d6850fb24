using static TorchSharp.torch;

namespace TorchSharp.Modules;

/// <summary>The logarithm of the softmax along a dimension.</summary>
public sealed class LogSoftmax : ParameterLessModule<Tensor, Tensor>
{
    internal LogSoftmax(long dim)
        : base(nameof(LogSoftmax))
    {
        this.dim = dim;
    }

    /// <summary>Gets or sets the dimension.</summary>
    public long dim { get; set; }

    /// <summary>Computes the result, elementwise or along the dimension; the argument is not disposed.</summary>
    public override Tensor forward(Tensor tensor) => nn.functional.log_softmax(tensor, dim);
}
