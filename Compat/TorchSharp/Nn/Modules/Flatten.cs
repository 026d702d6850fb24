using static TorchSharp.torch;

namespace TorchSharp.Modules;

/// <summary>Joins neighbouring dimensions into one.</summary>
public sealed class Flatten : ParameterLessModule<Tensor, Tensor>
{
    internal Flatten(long start_dim, long end_dim)
        : base(nameof(Flatten))
    {
        this.start_dim = start_dim;
        this.end_dim = end_dim;
    }

    /// <summary>Gets or sets the first dimension joined.</summary>
    public long start_dim { get; set; }

    /// <summary>Gets or sets the last dimension joined.</summary>
    public long end_dim { get; set; }

    /// <summary>Computes the result; no argument is disposed.</summary>
    public override Tensor forward(Tensor input) => input.flatten(start_dim, end_dim);
}
