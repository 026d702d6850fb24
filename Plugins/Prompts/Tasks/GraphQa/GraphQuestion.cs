using System.Runtime.Serialization;

namespace DeltaTune.Prompts.Tasks.GraphQa;

/// <summary>What is asked about a graph.</summary>
/// <remarks>
/// The classes are those of Sanford et al. 2024, "Understanding Transformer Reasoning Capabilities via Graph Algorithms", https://arxiv.org/abs/2405.18512: retrieval,
/// parallelizable, search, and counting of subgraphs. Questions that it does not name stand where their algorithm does.
/// </remarks>
public enum GraphQuestion
{
    /// <summary>How many nodes there are. Retrieval.</summary>
    [EnumMember(Value = "node-count")]
    NodeCount,

    /// <summary>How many edges there are. Retrieval.</summary>
    [EnumMember(Value = "edge-count")]
    EdgeCount,

    /// <summary>Whether two nodes have an edge. Retrieval.</summary>
    [EnumMember(Value = "edge-existence")]
    EdgeExistence,

    /// <summary>How many edges a node has. Retrieval.</summary>
    [EnumMember(Value = "node-degree")]
    NodeDegree,

    /// <summary>Which nodes have an edge with a node: yes or no for each. Retrieval.</summary>
    [EnumMember(Value = "connected-nodes")]
    ConnectedNodes,

    /// <summary>Which nodes have no edge with a node: yes or no for each. Retrieval.</summary>
    [EnumMember(Value = "disconnected-nodes")]
    DisconnectedNodes,

    /// <summary>Whether all nodes hang together, whichever way edges lead. Parallelizable.</summary>
    [EnumMember(Value = "connectivity")]
    Connectivity,

    /// <summary>How many parts the graph falls into, whichever way edges lead. Parallelizable.</summary>
    [EnumMember(Value = "connected-components")]
    ConnectedComponents,

    /// <summary>Whether there is a cycle. Parallelizable.</summary>
    [EnumMember(Value = "cycle-check")]
    CycleCheck,

    /// <summary>Whether two colours suffice for every edge to have both, whichever way it leads. Parallelizable.</summary>
    [EnumMember(Value = "bipartiteness")]
    Bipartiteness,

    /// <summary>Whether a path leads from one node to another. Search.</summary>
    [EnumMember(Value = "reachability")]
    Reachability,

    /// <summary>How many edges the shortest path from one node to another has. Search.</summary>
    [EnumMember(Value = "shortest-path")]
    ShortestPath,

    /// <summary>How many edges the longest of all shortest paths has, of those pairs of nodes that a path connects. Search.</summary>
    [EnumMember(Value = "diameter")]
    Diameter,

    /// <summary>How many triples of nodes have three edges, whichever way they lead. Counting of subgraphs.</summary>
    [EnumMember(Value = "triangle-counting")]
    TriangleCounting,
}
