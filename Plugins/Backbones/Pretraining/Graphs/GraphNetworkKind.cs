using System.Runtime.Serialization;

namespace DeltaTune.Backbones.Pretraining.Graphs;

/// <summary>A kind of graph network that can be pretrained: the component that reads it afterwards.</summary>
public enum GraphNetworkKind
{
    /// <summary>A graph isomorphism network (Xu et al. 2019, arXiv:1810.00826).</summary>
    [EnumMember(Value = "gin")]
    Gin,

    /// <summary>A graph convolutional network (Kipf and Welling 2017, arXiv:1609.02907).</summary>
    [EnumMember(Value = "gcn")]
    Gcn,

    /// <summary>GraphSAGE with the mean of neighbours (Hamilton et al. 2017, arXiv:1706.02216).</summary>
    [EnumMember(Value = "graphsage")]
    GraphSage,

    /// <summary>A graph attention network (Veličković et al. 2018, arXiv:1710.10903).</summary>
    [EnumMember(Value = "gat")]
    Gat,
}
