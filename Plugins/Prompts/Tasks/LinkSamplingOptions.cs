using System.ComponentModel.DataAnnotations;

namespace DeltaTune.Prompts.Tasks;

/// <summary>How many triples of the <c>links</c> task are asked about. The graph stays whole.</summary>
public sealed record LinkSamplingOptions
{
    /// <summary>Gets how many training triples are asked about, drawn at random; each gives two examples.</summary>
    /// <value>0 or more; the default, 0, takes all.</value>
    [Range(0, int.MaxValue)]
    public int Train { get; init; }

    /// <summary>Gets how many validation triples are asked about, drawn at random, so that choosing a checkpoint costs less.</summary>
    /// <value>0 or more; the default, 0, takes all.</value>
    [Range(0, int.MaxValue)]
    public int Dev { get; init; }

    /// <summary>Gets the seed of the draw. It is apart from the run's, so that several runs can share one sample.</summary>
    /// <value>The default is 100, as for other tasks.</value>
    public int Seed { get; init; } = 100;
}
