using System.ComponentModel.DataAnnotations;

namespace DeltaTune.Prompts.Tasks;

/// <summary>One class, as a run file gives it.</summary>
public sealed record ClassOptions
{
    /// <summary>Gets the class's name, which the first column of a table may use instead of the class's number.</summary>
    /// <value>Not empty; unique within the task.</value>
    [Required]
    public string Name { get; init; } = "";

    /// <summary>Gets the words that stand for the class at the mask.</summary>
    /// <value>The default, none, takes the name.</value>
    public IReadOnlyList<string> LabelWords { get; init; } = [];

    /// <summary>Gets a phrase that says what belongs to the class.</summary>
    /// <value>The default is empty.</value>
    public string Description { get; init; } = "";
}
