namespace DeltaTune.Backbones.Graphs;

/// <summary>The heads of an attention over edges.</summary>
/// <param name="Count">How many there are.</param>
/// <param name="Averages">Whether their results are averaged, not put one after the other.</param>
/// <param name="Dropout">The probability of dropping one head's weight of a neighbour, in training.</param>
internal sealed record AttentionHeads(long Count, bool Averages, double Dropout)
{
    /// <summary>The size of what all heads give together.</summary>
    /// <param name="size">What one gives.</param>
    public long Out(long size) => Averages ? size : Count * size;
}
