using System.ComponentModel.DataAnnotations;
using DeltaTune.Options;

namespace DeltaTune.Backbones.TextGraphs;

/// <summary>Settings of the <c>text-graph</c> backbone: a graph network whose node features are made by a text backbone of what the nodes say.</summary>
public sealed record TextGraphOptions
{
    /// <summary>Gets the backbone that reads a node's text, such as <c>bert</c>: an encoder or a decoder. Its sites are those under <c>text.</c></summary>
    /// <value>Needed.</value>
    [Required, ComponentOption(ComponentKind.Backbone)]
    public ComponentChoice? Text { get; init; }

    /// <summary>Gets the graph network that reads the nodes' vectors, in the scheme <c>features</c>, with as many features as a vector of <see cref="Text"/> has. Its sites are those under <c>graph.</c></summary>
    /// <value>Needed.</value>
    [Required, ComponentOption(ComponentKind.Backbone)]
    public ComponentChoice? Network { get; init; }

    /// <summary>Gets how the text of a node becomes its vector.</summary>
    /// <value>The default is the mean of its tokens' states, which every text backbone has.</value>
    public NodeReading Read { get; init; }

    /// <summary>Gets the longest text of a node, special tokens included, in tokens; the rest is cut off.</summary>
    /// <value>4 or more. The default is 128, as <c>input.max_length</c> has it.</value>
    [Range(4, int.MaxValue)]
    public int MaxLength { get; init; } = 128;

    /// <summary>Gets how many texts pass the text backbone at once. Texts of similar lengths go together.</summary>
    /// <value>1 or more. The default is 64: enough for whole matrix products, and little memory.</value>
    [Range(1, int.MaxValue)]
    public int ChunkSize { get; init; } = 64;
}
