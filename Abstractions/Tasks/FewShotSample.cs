namespace DeltaTune.Tasks;

/// <summary>What <see cref="FewShotSampler"/> drew.</summary>
/// <param name="Train">The examples to train on, in random order.</param>
/// <param name="Dev">The examples to choose checkpoints on, none of them in <paramref name="Train"/>; empty where none was asked
/// for.</param>
/// <param name="Warnings">A sentence for each class that had fewer examples than were asked for.</param>
public sealed record FewShotSample(IReadOnlyList<Example> Train, IReadOnlyList<Example> Dev, IReadOnlyList<string> Warnings);
