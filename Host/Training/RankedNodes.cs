namespace DeltaTune.Host.Training;

/// <summary>Where the right node of an example stands among the nodes of its graph.</summary>
/// <param name="Rank">From 1, filtered; see <see cref="Tasks.NodeRanking"/>.</param>
/// <param name="Best">The nodes with the highest scores, best first, right ones among them.</param>
internal sealed record RankedNodes(double Rank, IReadOnlyList<(int Node, float Score)> Best);
