using System.Runtime.Serialization;

namespace DeltaTune.Host.Options;

/// <summary>The optimisers there are.</summary>
public enum OptimizerKind
{
    /// <summary>Adam with decoupled weight decay (Loshchilov &amp; Hutter 2019, arXiv:1711.05101).</summary>
    [EnumMember(Value = "adamw")]
    AdamW,

    /// <summary>Adam (Kingma &amp; Ba 2015, arXiv:1412.6980); weight decay is added to the gradient.</summary>
    Adam,

    /// <summary>Stochastic gradient descent with momentum 0.</summary>
    Sgd,
}
