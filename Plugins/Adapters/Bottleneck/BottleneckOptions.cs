using System.ComponentModel.DataAnnotations;
using DeltaTune.Sites;
using Newtonsoft.Json;

namespace DeltaTune.Adapters.Bottleneck;

/// <summary>Settings of the <c>adapter</c> delta.</summary>
public sealed record BottleneckOptions
{
    /// <summary>Gets the size between the projections.</summary>
    /// <value>1 or more. The default is 24, as OpenDelta's <c>bottleneck_dim</c>.</value>
    [Range(1, int.MaxValue)]
    public int BottleneckSize { get; init; } = 24;

    /// <summary>Gets after which maps the adapters stand; <see cref="Sites"/> goes before it.</summary>
    /// <value>The default is Houlsby's, as in OpenDelta.</value>
    public BottleneckPlacement Placement { get; init; }

    /// <summary>Gets the sites to act after, as a site selector: linear maps, streams or sublayers, such as <c>conv</c> of a graph network.</summary>
    /// <value>The default, null, follows <see cref="Placement"/>.</value>
    [JsonConverter(typeof(SelectorTextConverter))]
    public string? Sites { get; init; }

    /// <summary>Gets the layers to act in, such as <c>0-5</c> or <c>1,3,8-</c>.</summary>
    /// <value>The default, null, is all.</value>
    public string? Layers { get; init; }

    /// <summary>Gets the function between the projections.</summary>
    /// <value>The default is <c>gelu_new</c>, as in OpenDelta.</value>
    public BottleneckActivation NonLinearity { get; init; }

    /// <summary>Gets how the projections start.</summary>
    /// <value>The default leaves the outputs as they are; OpenDelta's start does not.</value>
    public BottleneckInit Init { get; init; }

    /// <summary>Gets where the adapter has a layer norm of its own.</summary>
    /// <value>The default is nowhere.</value>
    public BottleneckNorm Norm { get; init; }

    /// <summary>Gets the factor on what the adapter adds.</summary>
    /// <value>No unit. The default is 1, as in Houlsby et al. 2019.</value>
    public double Scaling { get; init; } = 1;
}
