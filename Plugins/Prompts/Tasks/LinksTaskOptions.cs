using System.ComponentModel.DataAnnotations;
using DeltaTune.Options;
using DeltaTune.Tasks;

namespace DeltaTune.Prompts.Tasks;

/// <summary>Settings of the <c>links</c> task: to which entity of a knowledge graph does a relation lead?</summary>
/// <remarks>The fields <c>entity</c> and <c>relation</c> have the names of what is asked about. Every example has the graph of all training triples.</remarks>
public sealed record LinksTaskOptions
{
    /// <summary>Gets the folder with <c>train</c>, <c>valid</c> and <c>test</c>, each <c>.tsv</c> or <c>.tsv.gz</c>: head, relation and tail between tabs.</summary>
    /// <value>Needed.</value>
    [Required, PathOption]
    public string? Data { get; init; }

    /// <summary>Gets the name of the task in reports.</summary>
    /// <value>The default, null, is the folder's name.</value>
    public string? Name { get; init; }

    /// <summary>Gets the metric that chooses checkpoints; all of them are reported.</summary>
    /// <value>The default is <c>mrr</c>, filtered as in Bordes et al. 2013, §4.2: other right answers of train, dev and test are left out of a ranking.</value>
    [AllowedValues(MetricNames.Mrr, MetricNames.HitsAt1, MetricNames.HitsAt3, MetricNames.HitsAt10)]
    public string Metric { get; init; } = MetricNames.Mrr;

    /// <summary>Gets whether a batch that is trained on does not see the edges that it is asked about, in either direction.</summary>
    /// <value>The default is true: a network that saw them would learn to read the answer off, and fail where there is none to read.</value>
    public bool Hide { get; init; } = true;

    /// <summary>Gets whether the training triples are edges of the graph. Without them a network sees nothing but the entities, so that the verbalizer's scores can be compared alone.</summary>
    /// <value>The default is true.</value>
    public bool Edges { get; init; } = true;

    /// <summary>Gets how many triples are asked about.</summary>
    /// <value>The default takes all.</value>
    public LinkSamplingOptions Sampling { get; init; } = new();
}
