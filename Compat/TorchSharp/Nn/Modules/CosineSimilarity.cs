using static TorchSharp.torch;

namespace TorchSharp.Modules;

/// <summary>x₁·x₂/(‖x₁‖‖x₂‖) along a dimension.</summary>
public sealed class CosineSimilarity : ParameterLessModule<Tensor, Tensor, Tensor>
{
    internal CosineSimilarity(long dim, double eps)
        : base(nameof(CosineSimilarity))
    {
        this.dim = dim;
        this.eps = eps;
    }

    /// <summary>Gets or sets the dimension.</summary>
    public long dim { get; set; }

    /// <summary>Gets or sets the least product of lengths.</summary>
    public double eps { get; set; }

    /// <summary>Computes the result; no argument is disposed.</summary>
    public override Tensor forward(Tensor input1, Tensor input2) => nn.functional.cosine_similarity(input1, input2, dim, eps);
}
