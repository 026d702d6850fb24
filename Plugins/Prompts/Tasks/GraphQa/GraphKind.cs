using System.Runtime.Serialization;

namespace DeltaTune.Prompts.Tasks.GraphQa;

/// <summary>How a graph is drawn.</summary>
public enum GraphKind
{
    /// <summary>Each pair has an edge with one probability, drawn evenly from 0 to 1 (Erdős and Rényi 1959).</summary>
    [EnumMember(Value = "erdos-renyi")]
    ErdosRenyi,

    /// <summary>Each new node joins m others, those with many edges more often; m drawn evenly from 1 to n − 1 (Barabási and Albert 1999).</summary>
    [EnumMember(Value = "barabasi-albert")]
    BarabasiAlbert,

    /// <summary>Communities, each pair of them with a probability of its own (Holland et al. 1983).</summary>
    [EnumMember(Value = "stochastic-block")]
    StochasticBlock,

    /// <summary>Grown by edges between old and new nodes, those with many edges more often (Bollobás et al. 2003).</summary>
    [EnumMember(Value = "scale-free")]
    ScaleFree,

    /// <summary>Each node beside the next, in an order drawn at random.</summary>
    [EnumMember(Value = "path")]
    Path,

    /// <summary>One node, drawn at random, beside all others.</summary>
    [EnumMember(Value = "star")]
    Star,

    /// <summary>Each pair has an edge.</summary>
    [EnumMember(Value = "complete")]
    Complete,
}
