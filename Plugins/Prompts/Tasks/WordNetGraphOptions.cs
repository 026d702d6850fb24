using DeltaTune.Options;

namespace DeltaTune.Prompts.Tasks;

/// <summary>Settings of the <c>wordnet-graph</c> task.</summary>
public sealed record WordNetGraphOptions
{
    /// <summary>Gets the folder with <c>labels.json</c>, <c>supersense.{train,dev,test}.tsv.gz</c> and <c>graph.tsv.gz</c>.</summary>
    /// <value>A path. The default, null, is the <c>data/wordnet</c> that ships with DeltaTune.</value>
    [PathOption(MayBeMissing = true)]
    public string? Data { get; init; }

    /// <summary>Gets the most neighbours of a node that a batch takes, a number a step from the nodes asked about; -1 for all of them, 0 for none.</summary>
    /// <value>The default, 5 and 5, is for a network of two layers. Fewer than the 25 and 10 of Hamilton et al. 2017, since each neighbour is a text to be read.</value>
    public IReadOnlyList<int> FanOuts { get; init; } = [5, 5];

    /// <summary>Gets how many examples are used. All nodes are in the graph always.</summary>
    /// <value>The default takes all.</value>
    public SamplingOptions Sampling { get; init; } = new();
}
