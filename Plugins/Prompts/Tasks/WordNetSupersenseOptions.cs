using DeltaTune.Options;

namespace DeltaTune.Prompts.Tasks;

/// <summary>Settings of the <c>wordnet-supersense</c> task.</summary>
public sealed record WordNetSupersenseOptions
{
    /// <summary>Gets the folder with <c>labels.json</c> and <c>supersense.{train,dev,test}.tsv.gz</c>.</summary>
    /// <value>A path. The default, null, is the <c>data/wordnet</c> that ships with DeltaTune.</value>
    [PathOption(MayBeMissing = true)]
    public string? Data { get; init; }

    /// <summary>Gets how many examples are used.</summary>
    /// <value>The default takes all.</value>
    public SamplingOptions Sampling { get; init; } = new();
}
