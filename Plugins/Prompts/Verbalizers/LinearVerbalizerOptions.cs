using System.ComponentModel.DataAnnotations;

namespace DeltaTune.Prompts.Verbalizers;

/// <summary>Settings of the <c>linear</c> verbalizer.</summary>
public sealed record LinearVerbalizerOptions
{
    /// <summary>Gets what is read.</summary>
    /// <value>The default is <see cref="LinearInput.Auto"/>.</value>
    public LinearInput Input { get; init; } = LinearInput.Auto;

    /// <summary>Gets the probability of dropping an input while training.</summary>
    /// <value>From 0 to below 1. The default is 0.1, the classifier dropout of BERT (Devlin et al. 2019, appendix A.2).</value>
    [Range(0, 1, MaximumIsExclusive = true)]
    public double Dropout { get; init; } = 0.1;
}
