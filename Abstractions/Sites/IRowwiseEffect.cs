namespace DeltaTune.Sites;

/// <summary>Marks an effect that acts on each position by itself, so that a backbone may call its site with the positions that are read alone.</summary>
/// <remarks>
/// What comes out at a position depends on what goes in there and on nothing at other positions or in their number. At an attention site the
/// positions are the queries: keys and values, which a prefix lengthens, are always complete. An effect without the mark always sees every position.
/// </remarks>
public interface IRowwiseEffect;
