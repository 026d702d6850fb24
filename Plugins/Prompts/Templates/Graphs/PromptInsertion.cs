using System.Runtime.Serialization;

namespace DeltaTune.Prompts.Templates;

/// <summary>How a prompt graph is put into an example's graph (Sun et al. 2023, arXiv:2307.01504, §3.3.3).</summary>
public enum PromptInsertion
{
    /// <summary>Its nodes stand among the example's, with links to those that are like them, as in the published code.</summary>
    [EnumMember(Value = "links")]
    Links,

    /// <summary>Its nodes are added to the features of those that are like them, each as much as it is like: x_i + Σ_k w_ik·p_k, w_ik = σ(p_k·x_i) above the threshold and else 0, as the paper writes it.</summary>
    [EnumMember(Value = "features")]
    Features,
}
