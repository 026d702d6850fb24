using static TorchSharp.torch;

namespace TorchSharp;

/// <summary>A loss of two inputs with a rule how its elements become one number.</summary>
public abstract class Loss<T1, T2, TResult> : nn.Module<T1, T2, TResult>
{
    /// <summary>Makes the loss.</summary>
    public Loss(nn.Reduction reduction = nn.Reduction.Mean)
        : base("Loss") => this.reduction = reduction;

    /// <summary>Gets how the elements become one number.</summary>
    public nn.Reduction reduction { get; }
}
