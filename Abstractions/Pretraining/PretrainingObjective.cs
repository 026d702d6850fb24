namespace DeltaTune.Pretraining;

/// <summary>Pretrains a backbone from its options, into a folder that the backbone's loader reads.</summary>
public abstract class PretrainingObjective
{
    /// <summary>Checks what the options name (corpus, vocabulary, sizes) without training anything.</summary>
    /// <exception cref="InvalidRunException">Something is missing or does not fit.</exception>
    public abstract void Check();

    /// <summary>Trains, or goes on from the last checkpoint in the folder, with the numbers of an uninterrupted run.</summary>
    /// <param name="job">Where to, on what, from which seed.</param>
    /// <param name="progress">Told after every logged step; may be null.</param>
    /// <param name="cancellationToken">Looked at before every step; a checkpoint is written before the exception leaves.</param>
    /// <returns>What was reached.</returns>
    /// <exception cref="OperationCanceledException">Interrupted; the folder is resumable.</exception>
    public abstract PretrainingProgress Run(PretrainingJob job, IProgress<PretrainingProgress>? progress, CancellationToken cancellationToken);
}
