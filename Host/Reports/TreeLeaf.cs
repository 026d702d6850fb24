namespace DeltaTune.Host.Reports;

/// <summary>One tensor of a module tree.</summary>
/// <param name="Name">Its dotted name.</param>
/// <param name="Shape">Its shape.</param>
/// <param name="Type">Its element type.</param>
/// <param name="Trains">Whether it requires a gradient.</param>
/// <param name="Bytes">Its size.</param>
internal sealed record TreeLeaf(string Name, IReadOnlyList<long> Shape, string Type, bool Trains, long Bytes)
{
    /// <summary>Gets how many numbers it has.</summary>
    public long Count => Shape.Aggregate(1L, (all, side) => all * side);
}
