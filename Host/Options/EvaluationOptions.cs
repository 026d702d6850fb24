using System.ComponentModel.DataAnnotations;

namespace DeltaTune.Host.Options;

/// <summary>What a run reports at its end: the <c>evaluation</c> part of a run file.</summary>
public sealed record EvaluationOptions
{
    /// <summary>Gets the splits that are scored with the trained parts.</summary>
    /// <value>The default is <c>test</c>; the validation split is scored during training anyway.</value>
    [MinLength(1)]
    public IReadOnlyList<string> Splits { get; init; } = ["test"];

    /// <summary>Gets whether every example's scores are written to <c>predictions.jsonl</c>.</summary>
    /// <value>The default is true.</value>
    public bool Predictions { get; init; } = true;
}
