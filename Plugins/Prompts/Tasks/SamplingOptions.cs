using System.ComponentModel.DataAnnotations;

namespace DeltaTune.Prompts.Tasks;

/// <summary>How many of a task's training examples are used, and where dev comes from. Shared by all tasks.</summary>
public sealed record SamplingOptions
{
    /// <summary>Gets k, the training examples a class.</summary>
    /// <value>0 or more; the default, 0, takes them all.</value>
    [Range(0, int.MaxValue)]
    public int Shots { get; init; }

    /// <summary>Gets the dev examples a class that are drawn from the training examples, none of which is then trained on.</summary>
    /// <value>0 or more; the default, 0, takes the task's own dev split whole. Few-shot work that must not see more than k labels sets it
    /// to k.</value>
    [Range(0, int.MaxValue)]
    public int DevShots { get; init; }

    /// <summary>Gets the seed of the draw. It is apart from the run's, so that several runs can share one sample.</summary>
    /// <value>The default is 100, as OpenPrompt's <c>reproduce.seed</c>.</value>
    public int Seed { get; init; } = 100;
}
