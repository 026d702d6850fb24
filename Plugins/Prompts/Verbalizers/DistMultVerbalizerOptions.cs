using System.ComponentModel.DataAnnotations;

namespace DeltaTune.Prompts.Verbalizers;

/// <summary>Settings of the <c>distmult</c> verbalizer.</summary>
public sealed record DistMultVerbalizerOptions
{
    /// <summary>Gets how many nodes, drawn at random at each step for the whole batch, stand for all the wrong ones in the training loss.</summary>
    /// <value>1 or more. The default, null, takes all nodes (Lacroix et al. 2018, equation 3); a graph that has no more than these is taken whole.</value>
    [Range(1, int.MaxValue)]
    public int? Negatives { get; init; }

    /// <summary>Gets the probability of dropping a feature of h_u ∘ w_r while training.</summary>
    /// <value>From 0 to below 1. The default is 0.</value>
    [Range(0, 1, MaximumIsExclusive = true)]
    public double Dropout { get; init; }

    /// <summary>Gets the weight of the N3 penalty: the mean over a batch of |h_u|³ + |w_r|³ + |h_v|³, summed over features (Lacroix et al. 2018, equation 4).</summary>
    /// <value>0 or more. The default, 0, is none.</value>
    [Range(0.0, double.MaxValue)]
    public double N3 { get; init; }
}
