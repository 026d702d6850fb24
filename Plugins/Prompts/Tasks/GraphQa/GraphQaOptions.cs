using System.ComponentModel.DataAnnotations;

namespace DeltaTune.Prompts.Tasks.GraphQa;

/// <summary>Settings of the <c>graphqa</c> task: questions about graphs drawn at random, as text and as graphs from the same examples.</summary>
public sealed record GraphQaOptions : IValidatableObject
{
    /// <summary>Gets what is asked.</summary>
    /// <value>The default is the number of nodes.</value>
    public GraphQuestion Question { get; init; }

    /// <summary>Gets how graphs are drawn, in turn.</summary>
    /// <value>The default is all seven kinds.</value>
    public IReadOnlyList<GraphKind> Kinds { get; init; }
        = [GraphKind.ErdosRenyi, GraphKind.BarabasiAlbert, GraphKind.StochasticBlock, GraphKind.ScaleFree, GraphKind.Path, GraphKind.Star, GraphKind.Complete];

    /// <summary>Gets how graphs are said in text.</summary>
    /// <value>The default is pairs of numbers.</value>
    public GraphWording Wording { get; init; }

    /// <summary>Gets the fewest nodes of a graph.</summary>
    /// <value>From 2 to 26. The default is 5, as in the source.</value>
    [Range(2, 26)]
    public int MinNodes { get; init; } = 5;

    /// <summary>Gets the most nodes of a graph.</summary>
    /// <value>From 2 to 26, the number of letters. The default is 19, as in the source.</value>
    [Range(2, 26)]
    public int MaxNodes { get; init; } = 19;

    /// <summary>Gets how many examples there are to train on.</summary>
    /// <value>1 or more. The default is 1000.</value>
    [Range(1, 10_000_000)]
    public int Train { get; init; } = 1000;

    /// <summary>Gets how many examples there are to choose by.</summary>
    /// <value>1 or more. The default is 200.</value>
    [Range(1, 10_000_000)]
    public int Dev { get; init; } = 200;

    /// <summary>Gets how many examples there are to report on.</summary>
    /// <value>1 or more. The default is 500, as many graphs of each kind as the source has.</value>
    [Range(1, 10_000_000)]
    public int Test { get; init; } = 500;

    /// <summary>Gets whether answers of yes and no come equally often, as far as the kinds of graphs allow.</summary>
    /// <value>The default is false, as in the source.</value>
    public bool Balanced { get; init; }

    /// <summary>Gets whether edges lead one way. A graph network gets each edge both ways, and with it two features: along it, or against it.</summary>
    /// <value>The default is false, as in the source's own examples.</value>
    public bool Directed { get; init; }

    /// <summary>Gets whether counts and lengths are to be told as numbers rather than as one class each. A number that rounds to the answer is right.</summary>
    /// <value>The default is false.</value>
    public bool Numbers { get; init; }

    /// <summary>Gets whether a graph network sees which node has which number, beside which ones are asked about.</summary>
    /// <value>The default is false: a node has three features (1; whether it is the first node asked about; the second), or with numbers
    /// <see cref="MaxNodes"/> more. Questions that are answered for each node always have the numbers.</value>
    public bool NodeNumbers { get; init; }

    /// <summary>Gets the seed of the examples. It is apart from the run's, so that several runs share them.</summary>
    /// <value>The default is 100.</value>
    public long Seed { get; init; } = 100;

    /// <summary>Gets how many examples are used.</summary>
    /// <value>The default takes all.</value>
    public SamplingOptions Sampling { get; init; } = new();

    /// <inheritdoc/>
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (MaxNodes < MinNodes)
        {
            yield return new ValidationResult($"must be at least min_nodes ({MinNodes}), but is {MaxNodes}", [nameof(MaxNodes)]);
        }

        if (Kinds.Count == 0)
        {
            yield return new ValidationResult("must have one kind of graph or more, but has none", [nameof(Kinds)]);
        }

        if (Numbers && !Question.IsNumber())
        {
            yield return new ValidationResult("must be false for a question whose answer is not a number", [nameof(Numbers)]);
        }

        if (Directed && Wording is (GraphWording.Friendship or GraphWording.Coauthorship or GraphWording.SocialNetwork or GraphWording.Politician))
        {
            yield return new ValidationResult("must be 'adjacency', 'incident', 'random', 'compact' or 'expert' for directed graphs: the others do not say which way an edge leads", [nameof(Wording)]);
        }

        if (Wording == GraphWording.Random && Question.IsPerNode())
        {
            yield return new ValidationResult("must not be 'random' for a question that is answered for each node: what its outputs are called would change from graph to graph", [nameof(Wording)]);
        }
    }
}
