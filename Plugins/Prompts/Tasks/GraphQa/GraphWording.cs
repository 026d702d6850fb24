using System.Runtime.Serialization;

namespace DeltaTune.Prompts.Tasks.GraphQa;

/// <summary>How a graph is said in text.</summary>
public enum GraphWording
{
    /// <summary>Numbers; edges as pairs.</summary>
    [EnumMember(Value = "adjacency")]
    Adjacency,

    /// <summary>Numbers; a sentence a node.</summary>
    [EnumMember(Value = "incident")]
    Incident,

    /// <summary>First names; who are friends.</summary>
    [EnumMember(Value = "friendship")]
    Friendship,

    /// <summary>First names; who wrote a paper together.</summary>
    [EnumMember(Value = "coauthorship")]
    Coauthorship,

    /// <summary>First names; who are connected.</summary>
    [EnumMember(Value = "social-network")]
    SocialNetwork,

    /// <summary>First names of politicians; who are connected.</summary>
    [EnumMember(Value = "politician")]
    Politician,

    /// <summary>Random numbers below 1000, each graph's own; edges as pairs.</summary>
    [EnumMember(Value = "random")]
    Random,

    /// <summary>Capital letters; what each has an edge with, in as few words as there can be. Not from the source.</summary>
    [EnumMember(Value = "compact")]
    Compact,

    /// <summary>Capital letters; arrows.</summary>
    [EnumMember(Value = "expert")]
    Expert,
}
