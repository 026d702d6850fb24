using System.ComponentModel.DataAnnotations;
using DeltaTune.Options;
using DeltaTune.Tasks;

namespace DeltaTune.Prompts.Tasks;

/// <summary>Settings of the <c>nodes</c> task: the classes of the nodes of one graph.</summary>
/// <remarks>
/// Two tables, between tabs, plain or gzip'd. <c>nodes.tsv</c>, with a header: node from 0, class from 0 or -1 for none, split (train, dev or valid, test,
/// or nothing), and the numbers of the features that are 1, or <c>number:value</c>, between spaces. <c>edges.tsv</c>: two nodes a line, an undirected edge once. Where what nodes say is known, <c>texts.txt</c>, plain or gzip'd: a text a line, in the order
/// of the nodes, an empty line for none; it is also the examples' field <c>text</c>.
/// </remarks>
public sealed record NodesTaskOptions
{
    /// <summary>Gets the folder with the two tables.</summary>
    /// <value>Needed.</value>
    [Required, PathOption]
    public string? Data { get; init; }

    /// <summary>Gets the name of the task in reports.</summary>
    /// <value>The default, null, is the folder's name.</value>
    public string? Name { get; init; }

    /// <summary>Gets how many features a node has.</summary>
    /// <value>The default, null, is one more than the greatest number in the table.</value>
    [Range(1, 65536)]
    public int? Features { get; init; }

    /// <summary>Gets whether a node's features are divided by their sum.</summary>
    /// <value>The default is true, as in Kipf and Welling 2017, §5.2, https://arxiv.org/abs/1609.02907.</value>
    public bool Normalise { get; init; } = true;

    /// <summary>Gets the most neighbours of a node that a batch takes, a number a step from the nodes asked about; -1 for all of them.</summary>
    /// <value>The default, none, takes the whole graph. As many as the network has layers, for a graph too large for memory: Hamilton et al. 2017 take 25 and 10.</value>
    public IReadOnlyList<int> FanOuts { get; init; } = [];

    /// <summary>Gets the metric that chooses checkpoints.</summary>
    /// <value>The default is <c>accuracy</c>.</value>
    [AllowedValues(
        MetricNames.Accuracy, MetricNames.MicroF1, MetricNames.MacroF1, MetricNames.Precision, MetricNames.Recall, MetricNames.Matthews)]
    public string Metric { get; init; } = MetricNames.Accuracy;

    /// <summary>Gets how many examples are used.</summary>
    /// <value>The default takes all.</value>
    public SamplingOptions Sampling { get; init; } = new();
}
